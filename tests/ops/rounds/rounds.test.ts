import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { dnd } from "../dnd";

const name = "rounds_command";
const uri = process.env.TEST_MONGODB_URI ?? "";
let client: MongoClient;
let folder: string;

beforeAll(async () => {
  client = await MongoClient.connect(uri);
  await client
    .db(name)
    .collection("heroes")
    .insertMany([{ name: "Ada" }, { name: "Bo" }]);
  folder = await mkdtemp(join(tmpdir(), "dnd-rounds-"));
});
afterAll(async () => {
  for (const one of [name, `${name}_ops`]) await client.db(one).dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  dnd(["ops", ...args, "--uri", uri, "--db", name, "--store", join(folder, "store")], {
    DND_DIR: join(folder, "home"),
  });

test("a weekly round makes, proves and plans, carries on where it was ended, and leaves a report and a sign of life", async () => {
  const reports = join(folder, "reports");
  const file = join(reports, `weekly-${new Date().toISOString().slice(0, 10)}-local`);
  // An alert too many, which a person has to see.
  await client
    .db(`${name}_ops`)
    .collection("alerts")
    .insertMany(
      Array.from({ length: 6 }, (_, at) => ({ rule: `r${at}`, firedAt: new Date(), resolved: true })),
    );
  const first = await run("weekly", "--reports", reports, "--json");
  const made = JSON.parse(first.stdout);
  expect(made).toMatchObject({ round: "weekly", needsPerson: true, file: `${file}.md` });
  expect(first.code).toBe(1);
  const states = (steps: { name: string; findings: { state: string }[] }[]) =>
    Object.fromEntries(steps.map((step) => [step.name, step.findings.map(({ state }) => state)]));
  expect(states(made.steps)).toMatchObject({
    "test backup": ["ok"],
    "restore dry run": ["ok"],
    retention: ["ok"],
    targets: ["note", "act"],
  });
  expect(await readFile(`${file}.md`, "utf8")).toContain("- [ ] **alerts**: 6 alerts in 7 days");
  const beat = await client
    .db(`${name}_ops`)
    .collection<{ _id: string }>("heartbeats")
    .findOne({ _id: "round-weekly" });
  expect(beat).toMatchObject({ version: 1, note: "something is to be done" });

  // As a kill after the first step leaves it.
  const kept = JSON.parse(await readFile(`${file}.json`, "utf8"));
  const [begun] = kept.steps;
  await writeFile(`${file}.json`, JSON.stringify({ ...kept, endedAt: null, steps: [begun] }));
  const second = JSON.parse((await run("weekly", "--reports", reports, "--json")).stdout);
  expect(second.steps.map((step: { name: string }) => step.name)).toEqual(
    kept.steps.map((step: { name: string }) => step.name),
  );
  expect(second.steps[0]).toEqual(begun);
}, 180_000);

test("where no report can be written nothing is begun, and that is said", async () => {
  const blocked = join(folder, "a-file");
  await writeFile(blocked, "");
  const { code, stderr } = await run("daily", "--reports", join(blocked, "reports"));
  expect(code).toBe(1);
  expect(stderr).toContain("no report can be written in");
});
