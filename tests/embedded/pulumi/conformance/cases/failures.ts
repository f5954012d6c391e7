import type { Case } from "../case";

const up = { op: "up" } as const;

/** What is left when something fails. */
export const failures: Case[] = [
  {
    name: "a refused input fails the preview and the up before anything is done",
    programs: [`new Dyn("a", { refuse: "too large" });`],
    steps: [{ op: "preview" }, up],
  },
  {
    name: "a failed create keeps what came before it and tries again",
    programs: [
      `const a = new Dyn("a"); const b = new Dyn("b", { failCreate: "no room" }, { dependsOn: a }); new Dyn("c", {}, { dependsOn: b });`,
      `const a = new Dyn("a"); const b = new Dyn("b", {}, { dependsOn: a }); new Dyn("c", {}, { dependsOn: b });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "what exists but is not ready is kept with its reasons, and updated next time",
    programs: [`new Dyn("a", { failInit: "still starting" });`, `new Dyn("a", { value: 1 });`],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "a failed update keeps the old outputs",
    programs: [
      `new Dyn("a", { value: 1 });`,
      `new Dyn("a", { value: 2, failUpdate: "not now" });`,
      `new Dyn("a", { value: 2 });`,
    ],
    steps: [up, { ...up, program: 1 }, { ...up, program: 2 }],
  },
  {
    name: "a failed delete keeps the resource",
    programs: [`new Dyn("a", { failDelete: "in use" }); new Dyn("b");`, `new Dyn("b");`],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "a replacement whose old half cannot be deleted is finished later",
    programs: [
      `new Dyn("a", { value: 1, forceNew: ["value"], failDelete: "in use" });`,
      `new Dyn("a", { value: 2, forceNew: ["value"] });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "a failed replacement keeps the old resource",
    programs: [
      `new Dyn("a", { value: 1, forceNew: ["value", "failCreate"] });`,
      `new Dyn("a", { value: 2, forceNew: ["value", "failCreate"], failCreate: "no room" });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "a program that throws keeps what it registered before and deletes nothing",
    programs: [
      `new Dyn("a"); new Dyn("b");`,
      `const a = new Dyn("a"); a.out.apply(() => { throw new Error("a bug"); });`,
    ],
    steps: [up, { ...up, program: 1 }],
  },
  {
    name: "the same name twice is refused",
    programs: [`const a = new Dyn("a", { value: 1 }); new Dyn("a", { value: 2 }, { dependsOn: a });`],
    steps: [{ op: "preview" }],
  },
  {
    name: "a mandatory policy stops the preview and the up, an advisory one only speaks",
    programs: [`new Dyn("a", { value: "open" });`, `new Dyn("a", { value: "closed" });`],
    policies: `new policy.PolicyPack("rules", { policies: [
      { name: "no-open", description: "nothing open", enforcementLevel: "mandatory", validateResource: (args, report) => { if (args.props.value === "open") report("it is open"); } },
      { name: "hint", description: "a hint", enforcementLevel: "advisory", validateResource: (args, report) => { if (args.type.includes("conf")) report("think again"); } },
    ] });`,
    steps: [
      { op: "preview", options: { policyPack: true } },
      { op: "up", options: { policyPack: true } },
      { op: "up", program: 1, options: { policyPack: true } },
    ],
  },
  {
    name: "a policy on the whole stack speaks at the end",
    programs: [`new Dyn("a");`],
    policies: `new policy.PolicyPack("rules", { policies: [
      { name: "two", description: "two of them", enforcementLevel: "mandatory", validateStack: (args, report) => { if (args.resources.filter((r) => r.type.includes("conf")).length < 2) report("only one"); } },
    ] });`,
    steps: [
      { op: "preview", options: { policyPack: true } },
      { op: "up", options: { policyPack: true } },
    ],
  },
];
