import type { Case } from "../case";

const up = { op: "up" } as const;

/** The plain life of resources: what is made, kept, changed, replaced and removed. */
export const lifecycle: Case[] = [
  {
    name: "creates in order, and does nothing the second time",
    programs: [
      `const a = new Dyn("a", { value: 1 }); new Dyn("b", { value: a.out }); new Dyn("c", {}, { dependsOn: a }); exports.out = a.out;`,
    ],
    steps: [{ op: "preview" }, up, up, { op: "preview", options: { expectNoChanges: true } }],
  },
  {
    name: "updates what changed and only that",
    programs: [
      `new Dyn("a", { value: 1 }); new Dyn("b", { value: 1 });`,
      `new Dyn("a", { value: 2 }); new Dyn("b", { value: 1 });`,
    ],
    steps: [up, { op: "preview", program: 1 }, { ...up, program: 1 }],
  },
  {
    name: "shows dependents of an updated resource as unknown",
    programs: [
      `const a = new Dyn("a", { value: 1 }); new Dyn("b", { value: a.out });`,
      `const a = new Dyn("a", { value: 2 }); new Dyn("b", { value: a.out });`,
    ],
    steps: [up, { op: "preview", program: 1 }, { ...up, program: 1 }],
  },
  {
    name: "replaces by making the new one first",
    programs: [
      `const a = new Dyn("a", { value: 1, forceNew: ["value"] }); new Dyn("b", { value: a.id });`,
      `const a = new Dyn("a", { value: 2, forceNew: ["value"] }); new Dyn("b", { value: a.id });`,
    ],
    steps: [up, { op: "preview", program: 1 }, { ...up, program: 1 }],
  },
  {
    name: "replaces by deleting first where the option says so",
    programs: [
      `new Dyn("a", { value: 1, forceNew: ["value"] }, { deleteBeforeReplace: true });`,
      `new Dyn("a", { value: 2, forceNew: ["value"] }, { deleteBeforeReplace: true });`,
    ],
    steps: [up, { op: "preview", program: 1 }, { ...up, program: 1 }],
  },
  {
    name: "replaces by deleting first where the provider says so, dependents that must follow included",
    programs: [
      `const a = new Dyn("a", { value: 1, forceNew: ["value"], deleteFirst: true }); new Dyn("b", { value: a.id, forceNew: ["value"] });`,
      `const a = new Dyn("a", { value: 2, forceNew: ["value"], deleteFirst: true }); new Dyn("b", { value: a.id, forceNew: ["value"] });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "deletes what the program no longer has, dependents first",
    programs: [
      `const a = new Dyn("a"); const b = new Dyn("b", { value: a.out }); new Dyn("c", {}, { dependsOn: b });`,
      `new Dyn("a");`,
    ],
    steps: [up, { op: "preview", program: 1 }, { ...up, program: 1 }],
  },
  {
    name: "takes another name for another resource",
    programs: [`new Dyn("old", { value: 1 });`, `new Dyn("new", { value: 1 });`],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "destroys everything in reverse",
    programs: [
      `const a = new Dyn("a"); new Group("g", (parent) => ({ x: new Dyn("x", { value: a.out }, { parent }) }));`,
    ],
    steps: [up, { op: "destroy" }],
  },
  {
    name: "keeps components and what is in them together",
    programs: [
      `const g = new Group("g", (parent) => ({ x: new Dyn("x", {}, { parent }), inner: new Group("inner", (p) => ({ y: new Dyn("y", {}, { parent: p }) }), { parent }) })); new Dyn("after", {}, { dependsOn: g });`,
    ],
    steps: [up, up],
  },
  {
    name: "writes down which property depends on what",
    programs: [
      `const a = new Dyn("a", { value: 1 }); const b = new Dyn("b", { value: 2 }); new Dyn("c", { value: a.out, other: pulumi.all([a.out, b.out]) });`,
    ],
    steps: [up],
  },
  {
    name: "runs ten layers of ten",
    programs: [
      `let before = []; for (let layer = 0; layer < 10; layer++) before = Array.from({ length: 10 }, (_, n) => new Dyn("r" + layer + "-" + n, { value: n }, { dependsOn: before }));`,
    ],
    steps: [up, up],
  },
  {
    name: "sees drift in a refresh and mends it in the next up",
    programs: [`new Dyn("a", { value: 1 });`],
    steps: [up, { op: "refresh", meddle: { "a-1": { value: 99 } } }, up],
  },
  {
    name: "sees in a refresh what somebody deleted, and makes it again",
    programs: [`new Dyn("a", { value: 1 }); new Dyn("b", { value: 1 });`],
    steps: [up, { op: "refresh", meddle: { "a-1": null } }, up],
  },
  {
    name: "refreshes first where asked",
    programs: [`new Dyn("a", { value: 1 });`],
    steps: [up, { op: "up", options: { refresh: true }, meddle: { "a-1": null } }],
  },
];
