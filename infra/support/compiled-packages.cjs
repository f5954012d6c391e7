"use strict";
// The code of packages is compiled once for all processes and kept in V8's own form: compiling it took a third of the
// time of every command, and an `up` is five processes that load the same packages. Newer Node can do this by itself.
const { createHash } = require("node:crypto");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const v8 = require("node:v8");
const { Script } = require("node:vm");
const { isMainThread } = require("node:worker_threads");
const { keep, keptIn, readKept } = require("./kept.cjs");

const kept = keptIn("dnd-compiled");
const nodeCompiles = Module.prototype._compile;
// Its 9 MB only speak of such imports.
const isCompiler = /[\\/]typescript[\\/]lib[\\/]typescript\.js$/;
const fresh = [];
const enoughMs = 4_000;
const setFlags = v8.setFlagsFromString;

if (Module.enableCompileCache) Module.enableCompileCache(kept);
else if (Module.prototype._compile.name !== "compiled") begin();

function begin() {
  Module.prototype._compile = compiled;
  if (!isMainThread) return;
  process.on("exit", keepFresh);
  // V8 takes back what was compiled under the same flags alone, and Pulumi sets one where it writes code into a state.
  v8.setFlagsFromString = (flags) => {
    keepFresh();
    setFlags(flags);
  };
  // What runs for longer has loaded its packages by then, and may be ended by a kill.
  setTimeout(keepFresh, enoughMs).unref();
}

function compiled(content, filename, format) {
  const script = /[\\/]node_modules[\\/].*\.c?js$/.test(filename) ? scriptOf(content, filename) : undefined;
  if (!script) return nodeCompiles.call(this, content, filename, format);
  const load = script.runInThisContext({ displayErrors: true });
  return load.call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
}

/** Nothing where it is no script, or imports while it runs, which such a script cannot: that is left to Node. */
function scriptOf(content, filename) {
  if (!isCompiler.test(filename) && /\bimport\s*\(/.test(content)) return undefined;
  const wrapper = Module.wrap(content.replace(/^#!.*/, ""));
  const digest = createHash("sha1").update(filename).update(wrapper).digest("hex");
  const place = join(kept, `${process.version}-${v8.cachedDataVersionTag()}`, digest);
  try {
    const script = new Script(wrapper, { filename, cachedData: readKept(place) });
    if (script.cachedDataRejected !== false) fresh.push({ place, script });
    return script;
  } catch {
    return undefined;
  }
}

function requireOf(module) {
  const load = (id) => module.require(id);
  load.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  load.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  load.main = process.mainModule;
  load.extensions = Module._extensions;
  load.cache = Module._cache;
  return load;
}

/** By now V8 has compiled the functions too that were called. */
function keepFresh() {
  // Where one cannot be kept, none can.
  for (const { place, script } of fresh.splice(0)) if (!keep(place, script.createCachedData())) return;
}
