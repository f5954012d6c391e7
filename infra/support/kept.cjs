"use strict";
// What a process works out once for those after it: kept in a folder of the packages, so that it goes with them.
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

const packages = resolve(__dirname, "..", "..", "node_modules");

module.exports = { keptIn: (name) => join(packages, ".cache", name), readKept, keep };

/** Nothing where it is not there, or is not to be read. */
function readKept(place, encoding) {
  try {
    return readFileSync(place, encoding);
  } catch {
    return undefined;
  }
}

/** Whole or not at all; whoever cannot write there works it out again each time. */
function keep(place, content) {
  const own = `${place}.${process.pid}`;
  try {
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(own, content);
    renameSync(own, place);
    return true;
  } catch {
    return false;
  }
}
