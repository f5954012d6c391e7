"use strict";
// Runs another script that must not outlive the engine: the engine holds the other end of its input, and a kill lets go.
process.stdin.on("end", () => process.exit()).on("error", () => process.exit());
process.stdin.resume();
process.stdin.unref();

// Node 20 never comes to the end of colouring a stack line such as `node_modules/@pulumi/run.ts:541`: the SDK shows each
// unhandled error that way, and half a minute passed before memory ran out and it fell back to plain text.
const util = require("node:util");
const { inspect } = util;
util.inspect = Object.assign(
  (value, options, ...rest) =>
    inspect(value, options?.colors ? { ...options, colors: false } : options, ...rest),
  inspect,
);

// The script finds its arguments where it would without this one; what it forks in turn may outlive the engine.
process.argv.splice(1, 1);
require(process.argv[1]);
