import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { LocalStack, type CommandResult } from "../harness/local-stack";

let stack: LocalStack;
let archives: string;
let client: MongoClient;
let ops: Db;
const limit = 600_000;

beforeAll(async () => {
  archives = await mkdtemp(join(tmpdir(), "dnd-recover-"));
  stack = await LocalStack.open({ backup: { store: archives }, migrations: { maintenance: true } });
  expect(await stack.dnd("up", "--yes")).toMatchObject({ code: 0 });
  const { databaseUri, databaseName } = (await stack.outputs()) as {
    databaseUri: string;
    databaseName: string;
  };
  client = new MongoClient(databaseUri);
  ops = client.db(`${databaseName}_ops`);
}, limit);
afterAll(async () => {
  await client.close();
  await stack.close();
  await rm(archives, { recursive: true, force: true });
}, limit);

const parties = async (url = stack.url) => {
  const answer = await fetch(`${url}/api/parties`);
  const { parties: found } = (await answer.json()) as { parties: { name: string }[] };
  return found.map(({ name }) => name).sort();
};
async function makeParty(name: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ name });
  expect((await fetch(`${stack.url}/api/parties`, { method: "POST", headers, body })).status).toBe(201);
}
const current = (name: string) => ops.collection(name).findOne({ _id: "current" as never });

/** Kills a command as soon as something has become true, and takes away the lock that the dead leave. */
async function killedWhen(isTrue: () => Promise<boolean>, ...words: [string, ...string[]]): Promise<void> {
  const run = stack.start(...words);
  let ended = false;
  void run.result.then(() => (ended = true));
  while (!ended && !(await isTrue())) await new Promise((done) => setTimeout(done, 20));
  run.kill("SIGKILL");
  await run.result;
  await stack.dnd("cancel");
}

const said = ({ code, stderr, stdout }: CommandResult) => ({ code, said: code === 0 ? "" : stderr + stdout });
const fine = { code: 0, said: "" };

test("a release opens the window for its contract migrations and closes it with its record", async () => {
  const turns = await ops
    .collection("maintenance")
    .find({ _id: { $ne: "current" as never } })
    .sort({ _id: 1 })
    .toArray();
  expect(turns.map(({ on, reason, release }) => ({ on, reason, release }))).toEqual([
    { on: true, reason: "contract migrations", release: 1 },
    { on: false, reason: "done", release: null },
  ]);
  expect(await current("maintenance")).toMatchObject({ on: false, release: null });
});

test(
  "the maintenance page stands before the app at once, and goes",
  async () => {
    const status = async () => (await fetch(stack.url)).status;
    const becomes = async (wanted: number) => {
      while ((await status()) !== wanted) await new Promise((done) => setTimeout(done, 100));
    };
    expect(said(await stack.plain("maintenance", "on", "--until", "1h"))).toEqual(fine);
    await becomes(503);
    expect((await fetch(`${stack.url}/api/health`)).status).toBe(200);
    expect(said(await stack.plain("maintenance", "off"))).toEqual(fine);
    await becomes(200);
  },
  limit,
);

test(
  "another number of machines outlives a kill and the next up, and ends when it is told to",
  async () => {
    const machines = async () => ((await stack.outputs()) as { machines: object[] }).machines.length;
    const written = async () => (await ops.collection("overrides").countDocuments()) > 0;
    await killedWhen(written, "scale", "1", "--reason", "night", "--yes");
    expect(said(await stack.dnd("up", "--yes"))).toEqual(fine);
    expect(await machines()).toBe(1);
    expect((await stack.plain("status")).stdout).toMatch(/override.*1 machines.*night/);
    expect(said(await stack.dnd("scale", "--clear"))).toEqual(fine);
    expect(await machines()).toBe(2);
  },
  limit,
);

test(
  "a recovery that nobody confirmed does nothing; killed while it stops, and while it restores, it goes on to its end",
  async () => {
    await makeParty("kept");
    const created = await stack.plain("backup", "create", "--json");
    const { id } = JSON.parse(created.stdout) as { id: string };
    await makeParty("lost");
    const refused = await stack.dnd("recover", "--backup", id);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/writes? since/);
    expect(await current("recoveries")).toBeNull();

    await killedWhen(async () => (await current("recoveries")) !== null, "recover", "--backup", id, "--yes");
    const other = await stack.dnd("recover", "--backup", "another", "--yes");
    expect({ code: other.code, stderr: other.stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(id),
    });

    const restoring = async () => (await ops.collection("oneTimeKeys").countDocuments()) > 0;
    await killedWhen(restoring, "recover", "--yes");
    expect(said(await stack.dnd("recover", "--yes"))).toEqual(fine);
    expect(await parties()).toContain("kept");
    expect(await parties()).not.toContain("lost");
    expect(await current("recoveries")).toBeNull();
    expect(await ops.collection("overrides").countDocuments()).toBe(0);
    expect(await current("maintenance")).toMatchObject({ on: false });
    expect((await fetch(stack.url)).status).toBe(200);
    expect((await stack.dnd("recover")).code).toBe(2);
  },
  limit,
);

test(
  "an incident has the recovery in its timeline, and goes on without the database",
  async () => {
    expect(said(await stack.plain("incident", "start", "mixed up", "--kind", "corruption"))).toEqual(fine);
    const refused = await stack.plain("incident", "step", "stop");
    expect(refused.code).toBe(3);
    expect(said(await stack.plain("incident", "step", "archives"))).toEqual(fine);
    const closed = await stack.plain("incident", "close", "all is well", "--json");
    const { incident } = JSON.parse(closed.stdout) as {
      incident: { timeline: { kind: string; text: string }[] };
    };
    const texts = incident.timeline.map(({ text }) => text);
    expect(texts).toEqual(
      expect.arrayContaining([
        "mixed up",
        expect.stringMatching(/^release \d+ .* began$/),
        expect.stringMatching(/^done: which archive/),
        "all is well",
      ]),
    );
  },
  limit,
);

test(
  "from nothing but the archives another stack serves the same data, once",
  async () => {
    const fresh = await LocalStack.open();
    try {
      const words = ["recover", "--from-nothing", "--store", archives] as const;
      expect((await fresh.dnd(...words)).code).toBe(3);
      expect(said(await fresh.dnd(...words, "--yes"))).toEqual(fine);
      expect(await parties(fresh.url)).toContain("kept");
      expect((await fresh.dnd(...words, "--yes")).code).toBe(3);
    } finally {
      await fresh.close();
    }
  },
  limit,
);

test(
  "a drill measures the worst on a copy, keeps the score, and ends with 1 when it took too long",
  async () => {
    const drill = await stack.plain("drill", "--within", "1ms", "--json");
    expect({ code: drill.code, stderr: drill.stderr }).toMatchObject({ code: 1 });
    const score = JSON.parse(drill.stdout) as {
      ok: boolean;
      measures: { name: string; durationMs: number }[];
    };
    expect(score.measures.map(({ name }) => name)).toEqual([
      "from-nothing",
      "rollback",
      "deployment-failure",
      "data-recovery",
    ]);
    expect(await ops.collection("drills").countDocuments()).toBe(1);
    expect(await ops.collection("heartbeats").findOne({ _id: "drill" as never })).not.toBeNull();
    expect(await parties()).toContain("kept");
  },
  limit,
);
