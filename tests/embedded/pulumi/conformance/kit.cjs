"use strict";
// What the programs of the suite are written with: a dynamic resource, a resource of a plugin, a component.
const pulumi = require("@pulumi/pulumi");

const provider = 'exports.handler=()=>require(require("path").resolve("cloud.cjs"))';

class Dyn extends pulumi.CustomResource {
  constructor(name, props = {}, options = {}, type = "Res") {
    super(
      `pulumi-nodejs:dynamic/conf:${type}`,
      name,
      { out: undefined, key: name, ...props, __provider: provider },
      options,
    );
  }
}

class Thing extends pulumi.CustomResource {
  constructor(name, props = {}, options = {}) {
    super("conf:index:Thing", name, { out: undefined, size: undefined, key: name, ...props }, options);
  }
}

class ThingProvider extends pulumi.ProviderResource {
  constructor(name, props = {}, options = {}) {
    super("conf", name, props, options);
  }
}

class Group extends pulumi.ComponentResource {
  constructor(name, make, options = {}) {
    super("conf:index:Group", name, {}, options);
    this.made = make(this);
    this.registerOutputs({ made: Object.keys(this.made ?? {}) });
  }
}

module.exports = { pulumi, Dyn, Thing, ThingProvider, Group };
