import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import {
  addToTimeline,
  chosenIncident,
  closeIncident,
  commandOf,
  gatherTimeline,
  guidedPaths,
  KeptIncidents,
  listIncidents,
  postMortem,
  progressOf,
  startIncident,
} from "../../../../infra/engines/incidents";
import commands from "../../../../ops/commands.json";

const client = new MongoClient(process.env.TEST_MONGODB_URI ?? "");
const ops = client.db("incidents_ops");
const minute = 60_000;
const folderBefore = process.env.DND_DIR;

beforeAll(async () => {
  process.env.DND_DIR = await mkdtemp(join(tmpdir(), "dnd-incidents-"));
});
beforeEach(() =>
  Promise.all(["incidents", "releases", "alerts"].map((one) => ops.collection(one).deleteMany({}))),
);
afterAll(async () => {
  await rm(process.env.DND_DIR ?? "", { recursive: true, force: true });
  if (folderBefore === undefined) delete process.env.DND_DIR;
  else process.env.DND_DIR = folderBefore;
  await ops.dropDatabase();
  await client.close();
});

test("ten that begin at once take ten numbers", async () => {
  const begun = await Promise.all(
    Array.from({ length: 10 }, (_, at) => startIncident(ops, { kind: "other", title: `number ${at}` })),
  );
  expect(begun.map(({ _id }) => _id).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("the releases and alerts of its time stand in its timeline, in their order", async () => {
  const at = (minutes: number) => new Date(Date.now() + minutes * minute);
  await ops.collection("releases").insertOne({
    ...{
      _id: 7 as never,
      state: "failed",
      startedAt: at(-10),
      finishedAt: at(-8),
      by: "ci",
      error: "bad\nstack",
    },
    image: { version: "2.0.0" },
  });
  await ops.collection("alerts").insertOne({
    ...{ _id: "errors:app:1" as never, level: "critical", title: "errors", since: at(-7), resolvedAt: null },
  });
  const { _id } = await startIncident(ops, {
    kind: "deployment",
    title: "logins fail",
    at: at(-6),
    by: "gm",
  });
  await addToTimeline(ops, _id, { kind: "note", text: "seen | in the log" });
  const incident = await closeIncident(ops, _id, "rolled back");
  const timeline = await gatherTimeline(ops, incident, new Date());
  expect(timeline.map(({ text }) => text)).toEqual([
    "release 7 (2.0.0) began",
    "release 7 failed: bad",
    "critical: errors",
    "logins fail",
    "seen | in the log",
    "rolled back",
  ]);
  const written = postMortem(incident, timeline, new Date());
  expect(written).toContain("| note: seen \\| in the log |");
  expect(written).toMatch(/Lasted \| 6(\.\d)? minutes, target 15/);
});

test("a closed one takes no more notes", async () => {
  const { _id } = await startIncident(ops, { kind: "other", title: "over" });
  await closeIncident(ops, _id, "done");
  await expect(addToTimeline(ops, _id, { kind: "note", text: "late" })).rejects.toMatchObject({
    code: "incident-closed",
  });
});

test("what is written while the database is away is merged once, whole ones and single lines", async () => {
  const { _id, key } = await startIncident(ops, { kind: "database", title: "known before" });
  const kept = new KeptIncidents("away");
  await kept.merge(ops);
  await kept.add(key, { kind: "note", text: "the server is gone" });
  await kept.start({ kind: "other", title: "begun without it" });
  expect(await kept.merge(ops)).toBe(2);
  expect(await kept.merge(ops)).toBe(0);
  expect((await chosenIncident(ops, _id)).timeline.map(({ text }) => text)).toEqual([
    "known before",
    "the server is gone",
  ]);
  expect((await listIncidents(ops)).map(({ title }) => title)).toEqual(["begun without it", "known before"]);
});

test("minutes are counted against the runbook's targets, and a clock set back counts none", async () => {
  const incident = await startIncident(ops, { kind: "migration", title: "stuck" });
  const later = new Date(incident.startedAt.getTime() + 21 * minute);
  expect(progressOf(incident, later)).toMatchObject({ minutes: 21, targetMinutes: 20, overTarget: true });
  expect(progressOf(incident, new Date(0))).toMatchObject({ minutes: 0, overTarget: false });
  expect(Object.values(guidedPaths).map(({ targetMinutes }) => targetMinutes)).toEqual([15, 30, 30, 20, 30]);
});

test("every step of every path is a command that there is", () => {
  const known = commands.map(({ name }) => name);
  for (const { steps } of Object.values(guidedPaths))
    for (const step of steps.filter(({ command }) => command !== null))
      expect(known).toContain(commandOf(step, { stack: "local", backup: "latest" }).words[0]);
});
