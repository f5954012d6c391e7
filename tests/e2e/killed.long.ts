import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient, type Db } from "mongodb";
import { LocalStack, type CommandResult } from "../harness/local-stack";

let stack: LocalStack;
let client: MongoClient;
let ops: Db;
const limit = 600_000;
const fine = { code: 0, said: "" };
const said = ({ code, stderr, stdout }: CommandResult) => ({ code, said: code === 0 ? "" : stderr + stdout });

interface KeyPair {
  identity: string;
  recipient: string;
}
let oldKey: KeyPair;
let newKey: KeyPair;

async function keyPair(): Promise<KeyPair> {
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

beforeAll(async () => {
  [oldKey, newKey] = [await keyPair(), await keyPair()];
  stack = await LocalStack.open({
    backup: { recipients: [oldKey.recipient] },
    migrations: { maintenance: true },
  });
  stack.env = { DND_BACKUP_IDENTITY: oldKey.identity };
  expect(said(await stack.dnd("up", "--yes"))).toEqual(fine);
  client = await MongoClient.connect(String((await stack.outputs()).databaseUri));
  ops = client.db("dnd-tracker_ops");
}, limit);
afterAll(async () => {
  await client?.close();
  await stack.close();
}, limit);

const count = (name: string) => ops.collection(name).countDocuments();
const current = (name: string) => ops.collection(name).findOne({ _id: "current" as never });

async function makeParty(name: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ name });
  expect((await fetch(`${stack.url}/api/parties`, { method: "POST", headers, body })).status).toBe(201);
}
const parties = async () => {
  const answer = await fetch(`${stack.url}/api/parties`);
  const { parties: found } = (await answer.json()) as { parties: { name: string }[] };
  return found.map(({ name }) => name).sort();
};

/** Kills it, and takes away the lock that the dead leave. */
async function killedWhen(isTrue: () => Promise<boolean>, ...words: string[]): Promise<void> {
  expect((await stack.killedWhen(isTrue, ...words)).code).toBeNull();
  await stack.plain("cancel");
}

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

    await killedWhen(async () => (await count("oneTimeKeys")) > 0, "recover", "--yes");
    expect(said(await stack.dnd("recover", "--yes"))).toEqual(fine);
    expect(await parties()).toEqual(["kept"]);
    expect(await current("recoveries")).toBeNull();
    expect(await count("overrides")).toBe(0);
    expect(await current("maintenance")).toMatchObject({ on: false });
    expect((await fetch(stack.url)).status).toBe(200);
    expect((await stack.dnd("recover")).code).toBe(2);
  },
  limit,
);

test(
  "another number of machines that was written down outlives the kill and the next up, and ends when it is told to",
  async () => {
    const machines = async () => ((await stack.outputs()) as { machines: object[] }).machines.length;
    const written = async () => (await count("overrides")) > 0;
    await killedWhen(written, "scale", "1", "--reason", "night", "--yes");
    expect(said(await stack.plain("up", "--yes"))).toEqual(fine);
    expect(await machines()).toBe(1);
    expect((await stack.plain("status")).stdout).toMatch(/override.*1 machines.*night/);
    expect(said(await stack.plain("scale", "--clear"))).toEqual(fine);
    expect(await machines()).toBe(2);
  },
  limit,
);

test(
  "maintenance that was switched on by a command that was killed is on, and goes off",
  async () => {
    const isOn = async () => (await current("maintenance"))?.on === true;
    await stack.killedWhen(isOn, "maintenance", "on", "--until", "1h");
    expect(said(await stack.plain("maintenance", "on", "--until", "2h"))).toEqual(fine);
    expect(said(await stack.plain("maintenance", "off"))).toEqual(fine);
    expect(await isOn()).toBe(false);
  },
  limit,
);

test(
  "a cleanup that was killed leaves the rest to the next one",
  async () => {
    const reports = join(stack.folder, "reports");
    const left = async () => (await readdir(reports)).filter((name) => name.endsWith(".md")).length;
    await mkdir(reports, { recursive: true });
    const old = Array.from({ length: 2000 }, (_, n) => `daily-2020-01-01-local${n}.md`);
    for (const name of old) await writeFile(join(reports, name), "");
    await stack.killedWhen(async () => (await left()) < old.length, "ops", "cleanup", "--apply", "--yes");
    expect(said(await stack.plain("ops", "cleanup", "--apply", "--yes"))).toEqual(fine);
    expect(await left()).toBe(0);
  },
  limit,
);

test(
  "new logins of the database: killed while the machines change over, and while the old ones go, each goes on",
  async () => {
    const rotation = async () => (await ops.collection("rotations").find({}).toArray()).at(-1);
    await killedWhen(async () => (await rotation()) !== undefined, "ops", "rotate", "database", "--yes");
    expect(said(await stack.plain("ops", "rotate", "database", "--yes"))).toEqual(fine);
    expect(await count("rotations")).toBe(1);
    expect((await fetch(`${stack.url}/api/health`)).status).toBe(200);

    await client.close();
    client = await MongoClient.connect(String((await stack.outputs()).databaseUri));
    ops = client.db("dnd-tracker_ops");
    const gone = async () => (await rotation())?.state === "done";
    await stack.killedWhen(gone, "ops", "rotate", "database", "--finish", "--yes");
    expect((await stack.plain("ops", "rotate", "database", "--finish", "--yes")).code).toBe(3);
    expect((await fetch(`${stack.url}/api/health`)).status).toBe(200);
    expect(said(await stack.plain("preview", "--expect-no-changes"))).toEqual(fine);
  },
  limit,
);

test(
  "new readers of the archives: killed at the first, and while the old ones are left out, each goes on",
  async () => {
    const manifests = async () => {
      const folder = join(stack.folder, "backups");
      const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".json"));
      return Promise.all(names.map((name) => readFile(join(folder, name), "utf8").catch(() => "")));
    };
    const rotate = ["ops", "rotate", "backup-key"] as const;
    const forBoth = async () => (await manifests()).some((text) => text.includes(newKey.recipient));
    await stack.killedWhen(forBoth, ...rotate, "--recipient", newKey.recipient);
    expect(said(await stack.plain(...rotate, "--recipient", newKey.recipient))).toEqual(fine);
    expect(said(await stack.plain("backup", "verify", "latest"))).toEqual(fine);

    await stack.configure({ backup: { recipients: [newKey.recipient] } });
    stack.env = { DND_BACKUP_IDENTITY: newKey.identity };
    const leftOut = async () => (await manifests()).some((text) => !text.includes(oldKey.recipient));
    await stack.killedWhen(leftOut, ...rotate, "--finish", "--yes");
    expect(said(await stack.plain(...rotate, "--finish", "--yes"))).toEqual(fine);
    expect((await manifests()).filter((text) => text.includes(oldKey.recipient))).toEqual([]);
    expect(said(await stack.plain("backup", "verify", "latest"))).toEqual(fine);
    expect(await count("rotations")).toBe(2);
  },
  limit,
);

test(
  "an incident whose step was killed tells that it was begun, and the same step is done again",
  async () => {
    expect(said(await stack.plain("incident", "start", "slow", "--kind", "database"))).toEqual(fine);
    const begun = async () => {
      const [incident] = await ops.collection("incidents").find({}).toArray();
      return (incident?.timeline as { text: string }[]).some(({ text }) => text.startsWith("dnd up"));
    };
    await stack.killedWhen(begun, "incident", "step", "mend", "--yes");
    // What the dead one had started may still be at work, and holds the stack until it is done.
    let again = await stack.plain("incident", "step", "mend", "--yes");
    while (again.code === 4) {
      await sleep(1000);
      again = await stack.plain("incident", "step", "mend", "--yes");
    }
    expect(said(again)).toEqual(fine);
    const closed = await stack.plain("incident", "close", "again", "--json");
    const { incident } = JSON.parse(closed.stdout) as { incident: { timeline: { text: string }[] } };
    const texts = incident.timeline.map(({ text }) => text);
    expect(texts.filter((text) => text.startsWith("dnd up --stack")).length).toBeGreaterThan(1);
    expect(texts.filter((text) => text.startsWith("done: bring back"))).toHaveLength(1);
  },
  limit,
);

test(
  "a yearly round whose drill was killed begins that anew on a clean copy, and tells what was measured",
  async () => {
    expect(said(await stack.plain("backup", "create"))).toEqual(fine);
    const copy = join(stack.folder, "drill");
    const copied = async () => (await readdir(copy).catch((): string[] => [])).includes("mongo");
    await stack.killedWhen(copied, "ops", "yearly");
    const yearly = await stack.plain("ops", "yearly", "--json");
    expect(said(yearly)).toEqual(fine);
    const { file } = JSON.parse(yearly.stdout) as { file: string };
    for (const name of ["from-nothing", "rollback", "deployment-failure", "data-recovery"])
      expect(await readFile(file, "utf8")).toMatch(new RegExp(`${name} \\S.* of \\d+m 00s`));
    expect(await count("drills")).toBe(1);
    expect(await ops.collection("heartbeats").findOne({ _id: "drill" as never })).not.toBeNull();
    expect(await readdir(stack.folder)).not.toContain("drill");
    expect(await parties()).toEqual(["kept"]);
  },
  limit,
);
