"use strict";
// The plainest of dynamic resources, for benches: its program side and its lifecycle.
const pulumi = require("@pulumi/pulumi");

const provider = 'exports.handler=()=>require(require("path").resolve("plain.cjs")).lifecycle';

exports.Plain = class Plain extends pulumi.CustomResource {
  constructor(name, props, options) {
    super("pulumi-nodejs:dynamic/bench:Plain", name, { ...props, __provider: provider }, options);
  }
};

exports.lifecycle = {
  check: async (_olds, news) => ({ inputs: news }),
  diff: async (_id, olds, news) => ({ changes: olds.value !== news.value }),
  create: async (inputs) => ({ id: inputs.value, outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: news }),
  delete: async () => undefined,
};
