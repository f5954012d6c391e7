import type { Case } from "../case";

const up = { op: "up" } as const;
const urn = (name: string, type = "pulumi-nodejs:dynamic/conf:Res") =>
  `urn:pulumi:dev::conf::${type}::${name}`;

/** What resource options and the options of an operation change. */
export const options: Case[] = [
  {
    name: "protect refuses to delete, and lets go once it is taken off",
    programs: [`new Dyn("a", {}, { protect: true });`, ``, `new Dyn("a", {}, { protect: false });`],
    steps: [
      up,
      { op: "preview", program: 1 },
      { ...up, program: 1 },
      { ...up, program: 2 },
      { ...up, program: 1 },
    ],
  },
  {
    name: "protect refuses to replace",
    programs: [
      `new Dyn("a", { value: 1, forceNew: ["value"] }, { protect: true });`,
      `new Dyn("a", { value: 2, forceNew: ["value"] }, { protect: true });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "protect refuses to destroy",
    programs: [`new Dyn("a", {}, { protect: true }); new Dyn("b");`],
    steps: [up, { op: "destroy" }],
  },
  {
    name: "a component's protection is its children's",
    programs: [`new Group("g", (parent) => ({ x: new Dyn("x", {}, { parent }) }), { protect: true });`],
    steps: [up],
  },
  {
    name: "retainOnDelete forgets without deleting",
    programs: [`new Dyn("a", {}, { retainOnDelete: true });`, ``],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "deletedWith leaves the deletion to the other one",
    programs: [`const a = new Dyn("a"); new Dyn("b", { failDelete: "never asked" }, { deletedWith: a });`],
    steps: [up, { op: "destroy" }],
  },
  {
    name: "ignoreChanges keeps the old value",
    programs: [
      `new Dyn("a", { value: 1, other: 1 }, { ignoreChanges: ["value"] });`,
      `new Dyn("a", { value: 2, other: 2 }, { ignoreChanges: ["value"] });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "ignoreChanges reaches into lists and objects",
    programs: [
      `new Dyn("a", { tags: { mine: 1, theirs: 1 }, list: [{ x: 1, y: 1 }, { x: 1, y: 1 }] }, { ignoreChanges: ["tags.theirs", "list[*].y"] });`,
      `new Dyn("a", { tags: { mine: 2, theirs: 2 }, list: [{ x: 2, y: 2 }, { x: 1, y: 2 }] }, { ignoreChanges: ["tags.theirs", "list[*].y"] });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "replaceOnChanges turns an update into a replacement",
    programs: [
      `new Thing("a", { value: "x" }, { replaceOnChanges: ["value"] });`,
      `new Thing("a", { value: "yy" }, { replaceOnChanges: ["value"] });`,
    ],
    steps: [up, { op: "preview", program: 1 }, { ...up, program: 1 }],
  },
  {
    name: "customTimeouts are kept",
    programs: [`new Dyn("a", {}, { customTimeouts: { create: "5m", update: "1h" } });`],
    steps: [up],
  },
  {
    name: "an alias makes a new name the old resource",
    programs: [
      `new Dyn("old", { value: 1, key: "k" });`,
      `new Dyn("new", { value: 1, key: "k" }, { aliases: [{ name: "old" }] });`,
      `new Dyn("new", { value: 1, key: "k" });`,
    ],
    steps: [up, { op: "preview", program: 1 }, { ...up, program: 1 }, { ...up, program: 2 }],
  },
  {
    name: "an alias may be a whole URN",
    programs: [
      `new Dyn("old", { value: 1, key: "k" });`,
      `new Dyn("new", { value: 1, key: "k" }, { aliases: ["${urn("old")}"] });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "an alias follows a resource into a component",
    programs: [
      `new Dyn("a", { value: 1 });`,
      `new Group("g", (parent) => ({ a: new Dyn("a", { value: 1 }, { parent, aliases: [{ parent: pulumi.rootStackResource }] }) }));`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "a component's alias is its children's",
    programs: [
      `new Group("old", (parent) => ({ x: new Dyn("x", {}, { parent }) }));`,
      `new Group("new", (parent) => ({ x: new Dyn("x", {}, { parent }) }), { aliases: [{ name: "old" }] });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "--target touches the named resource alone",
    programs: [
      `new Dyn("a", { value: 1 }); new Dyn("b", { value: 1 });`,
      `new Dyn("a", { value: 2 }); new Dyn("b", { value: 2 });`,
    ],
    steps: [up, { ...up, program: 1, options: { targets: [urn("a")] } }],
  },
  {
    name: "--target with --target-dependents takes those that follow along",
    programs: [
      `const a = new Dyn("a", { value: 1 }); new Dyn("b", { value: a.out }); new Dyn("c", { value: 1 });`,
      `const a = new Dyn("a", { value: 2 }); new Dyn("b", { value: a.out }); new Dyn("c", { value: 2 });`,
    ],
    steps: [up, { ...up, program: 1, options: { targets: [urn("a")], targetDependents: true } }],
  },
  {
    name: "destroy of a target leaves the others",
    programs: [`new Dyn("a"); new Dyn("b");`],
    steps: [up, { op: "destroy", options: { targets: [urn("a")] } }],
  },
  {
    name: "--replace replaces what did not change",
    programs: [`new Dyn("a", { value: 1 }); new Dyn("b", { value: 1 });`],
    steps: [up, { ...up, options: { replaces: [urn("a")] } }],
  },
  {
    name: "--expect-no-changes fails where there are some",
    programs: [`new Dyn("a", { value: 1 });`, `new Dyn("a", { value: 2 });`],
    steps: [up, { op: "preview", program: 1, options: { expectNoChanges: true } }],
  },
  {
    name: "import adopts what exists already",
    programs: [
      `new Thing("first", { value: "x" });`,
      `new Thing("first", { value: "x" }); new Thing("second", { key: "first", value: "x" }, { import: "first-1" });`,
    ],
    steps: [up, { op: "preview", program: 1 }, { ...up, program: 1 }],
  },
  {
    name: "import adopts first and then updates what differs",
    programs: [
      `new Thing("first", { value: "x" });`,
      `new Thing("first", { value: "x" }); new Thing("second", { key: "first", value: "other" }, { import: "first-1" });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
];
