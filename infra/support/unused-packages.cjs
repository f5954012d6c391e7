"use strict";
// Pulumi loads much that serves code in states, traces and TypeScript of its own: a compiler of 9 MB, npm's reader of
// dependencies, exporters of traces, a debugger's session. None is asked for here, so each waits until somebody does:
// that is two fifths of what a program's start takes.
const Module = require("node:module");

/** Whose importer keeps the whole, and looks into it later. */
const wholes = new Set(["typescript", "@npmcli/arborist", "./automation"]);
/** Whose importer takes functions and classes out at once, and calls them later. */
const parts = new Set([
  "./closure/codePaths",
  "./closure/serializeClosure",
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
]);
const replaced = [
  // Node names the lines of our sources by itself; this one would do so for the stack that Pulumi notes with each promise.
  { request: /^source-map-support\/register$/, by: {} },
  // A debugger's session, so that an error about code in a state can name its file.
  { request: /[\\/]closure[\\/]v8Hooks$/, by: { isInitializedAsync: () => Promise.resolve() } },
  // Whoever has loaded this has our translator.
  { request: /^ts-node$|[\\/]ts-node@/, by: { register: () => undefined } },
];
const nodeLoads = Module._load;

if (nodeLoads.name !== "unlessUnused") Module._load = unlessUnused;

function unlessUnused(request, parent, isMain) {
  const load = () => nodeLoads.call(this, request, parent, isMain);
  if (!/[\\/]@pulumi[\\/]pulumi[\\/]/.test(parent?.filename)) return load();
  const instead = replaced.find((one) => one.request.test(request));
  if (instead) return instead.by;
  if (wholes.has(request)) return waiting(load, (name) => partOf(request, name, load));
  if (parts.has(request)) return waiting(load, (name) => callable(() => load()[name]));
  return load();
}

/** Which compiler there is can be told without it. */
function partOf(request, name, load) {
  return name === "version" && request === "typescript"
    ? require("typescript/package.json").version
    : load()[name];
}

function waiting(load, get) {
  return new Proxy(
    {},
    {
      // An importer copies every name out of what does not call itself a module.
      get: (_, name) => (name === "__esModule" ? true : get(name)),
      has: (_, name) => name in load(),
    },
  );
}

function callable(part) {
  return new Proxy(class {}, {
    apply: (_, self, args) => Reflect.apply(part(), self, args),
    construct: (_, args) => Reflect.construct(part(), args),
    get: (_, name) => part()[name],
  });
}
