"use strict";
// What the `__provider` text of every state calls, for ever: keep this file's name, place and `load`.
// The dynamic host has no TypeScript loader of ours, so this plain JavaScript brings it.
require("../support/typescript.cjs");

exports.load = (resource) => require("./provider-host.ts").load(resource);

/** Loads what the first request would have to wait for. */
exports.ready = () => require("./provider-host.ts").loadAhead();
