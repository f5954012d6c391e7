"use strict";
// Pulumi loads a compiler of 9 MB, and npm's reader of dependencies, to write functions into a state. Ours keeps no code,
// so both wait until somebody asks them for something: that is a quarter of what a program's start takes.
const Module = require("node:module");

const waiting = new Set(["typescript", "@npmcli/arborist"]);
// Node names the lines of our sources by itself; this one would do so for the stack that Pulumi notes with each promise.
const doubled = "source-map-support/register";
const nodeLoads = Module._load;

if (nodeLoads.name !== "unlessUnused") Module._load = unlessUnused;

function unlessUnused(request, parent, isMain) {
  const load = () => nodeLoads.call(this, request, parent, isMain);
  if (!/[\\/]@pulumi[\\/]pulumi[\\/]/.test(parent?.filename)) return load();
  if (request === doubled) return {};
  if (!waiting.has(request)) return load();
  return new Proxy(
    {},
    {
      // An importer copies every name out of what does not call itself a module.
      get: (_, name) => (name === "__esModule" ? true : load()[name]),
      has: (_, name) => name in load(),
    },
  );
}
