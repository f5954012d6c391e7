"use strict";
// Loaded before a program of a test machine: one name of a host is known there, and nowhere else.
const dns = require("node:dns");

const { lookup } = dns;
const [known, address] = (process.env.DND_TEST_HOST ?? "").split("=");

dns.lookup = (name, options, done) => {
  const answer = typeof options === "function" ? options : done;
  const { all = false } = typeof options === "object" && options !== null ? options : {};
  if (name !== known) return lookup(name, options, done);
  process.nextTick(answer, null, all ? [{ address, family: 4 }] : address, 4);
};
