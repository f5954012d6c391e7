"use strict";
// Runs beside an outpost on its machine: hands a request from standard input to it, and its answer to standard output.
const { connect } = require("node:net");
const { readFileSync } = require("node:fs");

const [, , socket] = process.argv;
const request = readFileSync(0);
/** It may only just be starting. */
const until = Date.now() + 20_000;

function send() {
  const chunks = [];
  const connection = connect(socket);
  connection.once("connect", () => connection.end(request));
  connection.on("data", (chunk) => chunks.push(chunk));
  connection.once("error", (error) => {
    if (Date.now() < until && chunks.length === 0 && isNotYetThere(error)) return void setTimeout(send, 100);
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
  connection.once("end", () => {
    if (chunks.length === 0) process.exitCode = 1;
    process.stdout.write(Buffer.concat(chunks));
  });
}

function isNotYetThere({ code }) {
  return code === "ENOENT" || code === "ECONNREFUSED";
}

send();
