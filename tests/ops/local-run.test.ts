import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { dnd } from "./dnd";
import { fakePulumi } from "./fake-pulumi";

let folder: string;
let local: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-run-"));
  local = join(folder, "dnd");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function withPulumi(behaviour: string) {
  const pulumi = await fakePulumi(folder, behaviour);
  const env = { PATH: pulumi.path, DND_DIR: local };
  return {
    run: (...args: string[]) => dnd(args, env),
    operations: async () => (await pulumi.calls()).map(({ args }) => args[0]),
  };
}

/** A state with something in it, as after an `up`. */
async function deployed(): Promise<void> {
  const file = join(local, "state", ".pulumi", "stacks", "dnd-tracker", "local.json");
  const state = JSON.parse(await readFile(file, "utf8")) as { checkpoint: { latest: object } };
  state.checkpoint.latest = { ...state.checkpoint.latest, resources: [{ urn: "urn:a" }] };
  await writeFile(file, JSON.stringify(state));
}

test("`stop` where nothing was ever started says so and makes nothing", async () => {
  const { run } = await withPulumi("");
  const { code, stdout } = await run("stop");
  expect(code).toBe(0);
  expect(stdout).toContain("Nothing was running");
  expect(existsSync(local)).toBe(false);
});

test("`stop` destroys the stack, keeps the data, and shows the step with its time", async () => {
  const { run, operations } = await withPulumi("if (args.includes('--event-log')) log(eventLog);");
  await run("env");
  await deployed();
  await mkdir(join(local, "mongo"));
  const { code, stdout, stderr } = await run("stop");
  expect(code).toBe(0);
  expect(await operations()).toContain("destroy");
  expect(stderr).toMatch(/✓ destroy +\d/);
  expect(stdout).toContain("data and archives stay");
  expect(existsSync(join(local, "mongo"))).toBe(true);
});

test("a failed destroy is told with the resource and its reason, and nothing is removed", async () => {
  const { run } = await withPulumi("if (args.includes('--event-log')) { log(failingLog); process.exit(1); }");
  await run("env");
  await deployed();
  const { code, stderr } = await run("stop");
  expect(code).toBe(1);
  expect(stderr).toContain("LocalMachines app: never became healthy");
  expect(stderr).toContain("carries on from what is there");
  expect(existsSync(join(local, "passphrase"))).toBe(true);
});

test("a purge removes all that is ours and nothing else", async () => {
  const { run } = await withPulumi("if (args.includes('--event-log')) log(eventLog);");
  await run("env");
  await writeFile(join(local, "diary.txt"), "mine");
  // Of a trial whose process is no more.
  await mkdir(join(local, "trial-999999999-abc", "data"), { recursive: true });
  expect((await run("stop", "--purge", "--yes")).code).toBe(0);
  expect(existsSync(join(local, "passphrase"))).toBe(false);
  expect(existsSync(join(local, "diary.txt"))).toBe(true);
  expect(existsSync(join(local, "trial-999999999-abc"))).toBe(false);
});

test("a purge works where the state can no longer be opened", async () => {
  const { run } = await withPulumi("");
  await run("env");
  await writeFile(join(local, "state", ".pulumi", "stacks", "dnd-tracker", "local.json"), "{");
  expect((await run("stop", "--purge", "--yes")).code).toBe(0);
  expect(existsSync(local)).toBe(false);
});

test("while another start or stop is at work a stop waits, and a purge removes nothing under its feet", async () => {
  const { run } = await withPulumi("");
  await run("env");
  const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), what: "npm start" };
  await writeFile(join(local, "start.lock"), JSON.stringify(holder));
  setTimeout(() => void rm(join(local, "start.lock")), 3000);
  const { code, stderr } = await run("stop", "--purge", "--yes");
  expect(stderr).toContain(`waiting: process ${process.pid} has been at \`npm start\` since`);
  expect(code).toBe(0);
});
