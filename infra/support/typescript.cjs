"use strict";
// Lets Node run this project's TypeScript. Packages load as they are: looking into each of their files
// as well would cost every process half a second.
const Module = require("node:module");

const plain = Module._extensions[".js"];
require("tsx/cjs");
const translated = Module._extensions[".js"];

Module._extensions[".js"] = (module, file) =>
  file.includes("/node_modules/") || file.includes("\\node_modules\\")
    ? plain(module, file)
    : translated(module, file);
