import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dnd } from "./dnd";
import { fakePulumi } from "./fake-pulumi";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-confirm-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const exported = {
  deployment: { resources: [{ urn: "urn:pulumi:staging::dnd-tracker::x:y:Bucket::archives" }] },
};

async function run(...args: string[]) {
  const behaviour = `
    if (args[1] === "export") console.log(${JSON.stringify(JSON.stringify(exported))});
    if (args[1] === "ls") console.log("[]");
    if (args[1] === "output") console.log("{}");
    if (args.includes("--event-log")) log(eventLog);`;
  const pulumi = await fakePulumi(folder, behaviour);
  const env = {
    PATH: pulumi.path,
    DND_DIR: join(folder, "dnd"),
    PULUMI_BACKEND_URL: `file://${folder}/shared`,
  };
  const result = await dnd(args, env);
  return { ...result, performed: (await pulumi.calls()).map(({ args: [name] }) => name) };
}

test("without a terminal and without --yes a destroy is refused, naming what would be lost, and nothing is done", async () => {
  const { code, stderr, performed } = await run("destroy", "--stack", "staging");
  expect(code).toBe(3);
  expect(stderr).toContain("1 resources would be deleted and lost: Bucket archives");
  expect(stderr).toContain("add --yes");
  expect(performed).not.toContain("destroy");
});

test("an `up` of a shared stack is previewed and refused with what it would change", async () => {
  const { code, stderr, performed } = await run("up", "--stack", "staging");
  expect(code).toBe(3);
  expect(stderr).toContain("It would create 1.");
  expect(performed).toContain("preview");
  expect(performed).not.toContain("up");
});

test("with --yes nobody is asked", async () => {
  expect((await run("up", "--stack", "staging", "--yes")).performed).toContain("up");
  expect((await run("destroy", "--stack", "staging", "--yes")).performed).toContain("destroy");
});

test("an `up` of the local stack loses nothing and is not asked for; its destroy is, and says that the data stays", async () => {
  expect((await run("up")).code).toBe(0);
  const destroy = await run("destroy");
  expect(destroy.code).toBe(3);
  expect(destroy.stderr).toContain("the data and the archives in .dnd stay");
});

test("removing the local data is refused without a confirmation", async () => {
  const { code, stderr } = await run("stop", "--purge");
  expect(code).toBe(3);
  expect(stderr).toContain("gone for ever");
});
