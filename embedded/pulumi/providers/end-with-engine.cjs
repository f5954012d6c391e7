"use strict";
// Runs another script that must not outlive the engine: the engine holds the other end of its input, and a kill lets go.
process.stdin.on("end", () => process.exit()).on("error", () => process.exit());
process.stdin.resume();
process.stdin.unref();

// The script finds its arguments where it would without this one; what it forks in turn may outlive the engine.
process.argv.splice(1, 1);
require(process.argv[1]);
