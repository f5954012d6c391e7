"use strict";
require("./compiled-packages.cjs");
require("./unused-packages.cjs");
// Lets Node run this project's TypeScript: a file is translated once and kept until it changes. Packages load as they
// are, for looking into each of their files, and into the source maps they name, costs every process a third of a second.
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const { keep, keptIn, readKept } = require("./kept.cjs");

const kept = keptIn("dnd-typescript");
const hashOf = (...texts) =>
  texts.reduce((hash, text) => hash.update(text), createHash("sha256")).digest("hex");
const plain = Module._extensions[".js"];
let inPackage = false;
let leavesMaps = false;

if (!Module._extensions[".ts"]) {
  process.setSourceMapsEnabled(true);
  Module._extensions[".ts"] = (module, file) => module._compile(codeOf(file), file);
  Module._extensions[".js"] = withoutMapsOfPackages;
}

module.exports = { keepTranslation, leaveMaps };

/** A file as it is run; what is translated for the first time is kept. */
function codeOf(file) {
  const code = translated(file);
  if (!leavesMaps) return code;
  // A copy: a part of a text would hold on to the whole of it.
  return Buffer.from(code.slice(0, code.lastIndexOf("\n//# sourceMappingURL="))).toString();
}

/** For a process that has to stay small: maps take more of its memory than the code, and serve stack traces alone. */
function leaveMaps() {
  leavesMaps = true;
  process.setSourceMapsEnabled(false);
}

function translated(file) {
  const { source, place, mark } = placeOf(file);
  const known = readKept(place, "utf8");
  if (known?.endsWith(mark)) return known;
  const code = codeFrom(source, file);
  keep(place, code + mark);
  return code + mark;
}

function codeFrom(source, file) {
  const { stop, transformSync } = require("esbuild");
  try {
    return transformSync(source, wishesFor(file)).code;
  } catch {
    // A ^C on a terminal ends the translator too, a process of its own: another begins. What is wrong in the file stays wrong.
    void stop();
    return transformSync(source, wishesFor(file)).code;
  }
}

/** Translates a file ahead of its use, as one of many at the same time. */
async function keepTranslation(file) {
  const { source, place, mark } = placeOf(file);
  const { transform } = require("esbuild");
  const { code } = await transform(source, wishesFor(file));
  keep(place, code + mark);
}

function placeOf(file) {
  const source = readFileSync(file, "utf8");
  const place = join(kept, `${hashOf(file).slice(0, 32)}.js`);
  return { source, place, mark: `\n// ${hashOf(source)} ${process.version}\n` };
}

function wishesFor(file) {
  return {
    loader: "ts",
    format: "cjs",
    platform: "node",
    target: `node${process.versions.node}`,
    sourcefile: file,
    sourcemap: "inline",
    sourcesContent: false,
  };
}

function withoutMapsOfPackages(module, file) {
  if (inPackage || !/[\\/]node_modules[\\/]/.test(file)) return plain(module, file);
  inPackage = true;
  process.setSourceMapsEnabled(false);
  try {
    return plain(module, file);
  } finally {
    inPackage = false;
    if (!leavesMaps) process.setSourceMapsEnabled(true);
  }
}
