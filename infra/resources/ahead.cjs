"use strict";
// Preloaded into the processes that the embedded engine starts. The one that serves our resources loads their code
// while the program is still starting; the others only forget it again, for what they start is none of its business.
const own = `--require="${__filename.replaceAll("\\", "\\\\")}"`;
const rest = (process.env.NODE_OPTIONS ?? "").replace(own, "").trim();
if (rest) process.env.NODE_OPTIONS = rest;
else delete process.env.NODE_OPTIONS;

const servesResources = process.argv.slice(1, 3).some((file) => /[\\/]dynamic-provider\b/.test(file));
if (servesResources) setImmediate(() => require("./host.cjs").ready());
