// Brought the states of this folder up, with the Pulumi CLI; kept so that they can be recorded again.
const pulumi = require("@pulumi/pulumi");

const provider = `exports.handler = () => ({
  create: async (inputs) => {
    if (inputs.waitMs) await new Promise((done) => setTimeout(done, inputs.waitMs));
    return { id: "id-" + inputs.label, outs: { ...inputs, made: true } };
  },
});`;

class Thing extends pulumi.CustomResource {
  constructor(name, inputs, options) {
    super("pulumi-nodejs:dynamic:Resource", name, { __provider: provider, made: undefined, ...inputs }, options);
  }
}

class Pair extends pulumi.ComponentResource {
  constructor(name, options) {
    super("recorded:index:Pair", name, {}, options);
    const first = new Thing(`${name}-first`, { label: "first", list: [1, { text: "<&>" }] }, { parent: this });
    new Thing(`${name}-second`, { label: "second", of: first.id }, { parent: this, protect: true });
    this.registerOutputs({ first: first.id });
  }
}

const config = new pulumi.Config();
const pair = new Pair("pair");
const hooks = process.env.RECORD_HOOKS
  ? { beforeCreate: [new pulumi.ResourceHook("look", () => undefined)] }
  : undefined;
const holder = new Thing(
  "holder",
  { label: "holder", token: config.requireSecret("token"), settings: config.requireSecretObject("settings") },
  { dependsOn: [pair], hooks, customTimeouts: { create: "2m" } },
);
if (process.env.RECORD_SLOW) new Thing("slow", { label: "slow", waitMs: 60000 });

exports.made = holder.made;
exports.token = config.requireSecret("token");
exports.nested = pulumi.secret({ "a<b": ["deep"] });
