import type { Case } from "../case";

const up = { op: "up" } as const;

/** Secrets, unknowns, providers, functions, other stacks. */
export const values: Case[] = [
  {
    name: "a secret input is a secret wherever it goes",
    programs: [
      `const a = new Dyn("a", { value: pulumi.secret("canary") }); exports.out = a.out; exports.again = pulumi.secret("s"); exports.value = a.value;`,
    ],
    steps: [{ op: "preview" }, up, up],
  },
  {
    name: "a secret setting is a secret in inputs and outputs",
    programs: [
      `const config = new pulumi.Config(); new Dyn("a", { value: config.requireSecret("token"), plain: config.require("plain") }); exports.token = config.requireSecret("token");`,
    ],
    steps: [{ ...up, config: { token: { secret: "canary" }, plain: "seen" } }],
  },
  {
    name: "an output that carries a secret is declared one",
    programs: [
      `const a = new Dyn("a", { hidden: "canary", derived: undefined }, { additionalSecretOutputs: ["derived"] }); exports.derived = a.derived;`,
    ],
    steps: [up, up],
  },
  {
    name: "secrets deep in objects and lists stay there",
    programs: [
      `new Dyn("a", { deep: { list: [1, pulumi.secret({ k: "canary" })], plain: "x" } }); exports.deep = { s: pulumi.secret([1, 2]), p: 3 };`,
    ],
    steps: [up, up],
  },
  {
    name: "a plugin that previews gives its outputs to a preview",
    programs: [
      `const a = new Thing("a", { value: "hello" }); new Dyn("b", { value: a.size }); exports.size = a.size;`,
    ],
    steps: [{ op: "preview" }, up, { op: "preview" }],
  },
  {
    name: "a plugin's detailed diff is what is shown and done",
    programs: [
      `new Thing("a", { value: "x", zone: "one" });`,
      `new Thing("a", { value: "yy", zone: "one" });`,
      `new Thing("a", { value: "yy", zone: "two" });`,
    ],
    steps: [up, { ...up, program: 1 }, { op: "preview", program: 2 }, { ...up, program: 2 }],
  },
  {
    name: "an explicit provider is kept, handed on to children, and not mistaken for the default one",
    programs: [
      `const provider = new ThingProvider("mine", { region: "here" }); new Thing("a", { value: "x" }, { provider }); new Thing("b", { value: "y" }); new Group("g", (parent) => ({ c: new Thing("c", { value: "z" }, { parent }) }), { providers: [provider] });`,
    ],
    steps: [up, up],
  },
  {
    name: "a version asks for a provider of that version",
    programs: [`new Thing("a", { value: "x" }, { version: "1.2.3" });`],
    steps: [up],
  },
  {
    name: "functions of a plugin answer in preview and up",
    programs: [
      `exports.greeting = pulumi.runtime.invoke("conf:index:greet", { who: "you" }).then((r) => r.greeting);`,
    ],
    steps: [{ op: "preview" }, up],
  },
  {
    name: "functions wait for the outputs they are given",
    programs: [
      `const a = new Dyn("a", { value: 1 }); exports.greeting = a.out.apply((who) => pulumi.runtime.invoke("conf:index:greet", { who })).apply((r) => r.greeting);`,
    ],
    steps: [{ op: "preview" }, up],
  },
  {
    name: "a resource can be read without being owned",
    programs: [
      `new Thing("first", { value: "x" });`,
      `new Thing("first", { value: "x" }); const seen = new Thing("seen", {}, { id: "first-1" }); exports.seen = seen.out;`,
      `new Thing("first", { value: "x" });`,
    ],
    steps: [up, { ...up, program: 1 }, { ...up, program: 1 }, { ...up, program: 2 }],
  },
  {
    name: "another stack's outputs can be read, its secrets as secrets",
    other: `exports.plain = "seen"; exports.hidden = pulumi.secret("canary");`,
    programs: [
      `const other = new pulumi.StackReference("organization/conf/other"); exports.plain = other.getOutput("plain"); exports.hidden = other.getOutput("hidden"); exports.none = other.getOutput("none");`,
    ],
    steps: [{ op: "preview" }, up],
  },
  {
    name: "all kinds of values go through",
    programs: [
      `new Dyn("a", { n: 1.5, t: true, f: false, s: "Zwölf ✓", empty: "", list: [], object: {}, nested: [[1], { a: null }] }); exports.all = { n: -0.25, list: [1, "two", false], deep: { er: { than: "most" } } };`,
    ],
    steps: [up, up],
  },
  {
    name: "assets and archives are kept by their hashes",
    programs: [
      `new Thing("a", { value: "x", text: new pulumi.asset.StringAsset("hello"), both: new pulumi.asset.AssetArchive({ "a.txt": new pulumi.asset.StringAsset("a") }) });`,
    ],
    steps: [up, up],
  },
  {
    name: "hooks run before and after, and a failing one before stops the step",
    programs: [
      `const fs = require("fs"); const hook = (name) => new pulumi.ResourceHook(name, async (args) => fs.appendFileSync("cloud/hooks.txt", name + " " + args.name + "\\n")); new Dyn("a", { value: 1 }, { hooks: { beforeCreate: [hook("before")], afterCreate: [hook("after")] } });`,
      `const bad = new pulumi.ResourceHook("bad", async () => { throw new Error("not today"); }); new Dyn("a", { value: 2 }, { hooks: { beforeUpdate: [bad] } });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
];
