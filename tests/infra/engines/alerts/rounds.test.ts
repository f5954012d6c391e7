import type { Db } from "mongodb";
import {
  channelsOf,
  deliverOutbox,
  evaluateRound,
  listAlerts,
  openAlerts,
  raiseAlert,
  resolveAlert,
  silence,
  type AlertSettings,
} from "../../../../infra/engines/alerts";
import { Receiver } from "./receiver";
import { figure, hook, minute, pagerDuty, settingsWith, World } from "./world";

const world = new World();
const receiver = new Receiver();
let ops: Db;
let settings: AlertSettings;

beforeAll(async () => {
  ops = await world.open("alerts_rounds");
  await receiver.start();
});
beforeEach(async () => {
  await Promise.all(
    ["alerts", "outbox", "silences", "maintenance", "releases"].map((name) =>
      ops.collection(name).deleteMany({}),
    ),
  );
  receiver.received.length = 0;
  settings = settingsWith([hook(receiver.url)]);
});
afterAll(async () => {
  await receiver.stop();
  await world.close(ops);
});

/** One round of figures of the app, and what it made people read. */
async function round(figures: Record<string, number>, wait = 0): Promise<string[]> {
  const before = receiver.received.length;
  const now = world.later(wait);
  const seen = Object.entries(figures).map(([name, value]) => figure(name, value, now));
  await evaluateRound(ops, seen, settings, now);
  await deliverOutbox(ops, channelsOf(settings), { now: world.clock });
  return receiver.received.slice(before).map(({ body }) => `${body.event} ${body.level} ${body.title}`);
}

test("a figure rings after its time, once, gets worse, and its end is told", async () => {
  expect(await round({ errorPercent: 3 })).toEqual([]);
  expect(await round({ errorPercent: 3 }, minute)).toEqual([]);
  expect(await round({ errorPercent: 3 }, minute)).toEqual(["fired warning Requests fail (app)"]);
  expect(await round({ errorPercent: 3 }, minute)).toEqual([]);
  await round({ errorPercent: 9 }, minute);
  expect(await round({ errorPercent: 9 }, 2 * minute)).toEqual(["worse critical Worse: Requests fail (app)"]);
  expect(await openAlerts(ops)).toMatchObject([{ key: "errorPercent:app", level: "critical", threshold: 5 }]);
  // At the edge it is neither bad nor over.
  expect(await round({ errorPercent: 0.95 }, minute)).toEqual([]);
  expect(await round({ errorPercent: 0.95 }, 10 * minute)).toEqual([]);
  await round({ errorPercent: 0.2 }, minute);
  expect(await round({ errorPercent: 0.2 }, 2 * minute)).toEqual([
    "resolved critical Over: Requests fail (app)",
  ]);
  expect(await openAlerts(ops)).toEqual([]);
  expect(await listAlerts(ops)).toMatchObject([{ resolved: true, resolvedBy: "the figures" }]);
});

test("what was bad only for a moment is told to nobody and leaves nothing", async () => {
  await round({ p95Ms: 5_000 });
  expect(await round({ p95Ms: 20 }, minute)).toEqual([]);
  expect(await ops.collection("alerts").countDocuments()).toBe(0);
});

test("a database that is down explains what depends on it, and the explained speak up when it is back", async () => {
  const bad = { databaseDown: 1, errorPercent: 90, failedJobs: 3 };
  await round(bad);
  expect(await round(bad, minute)).toEqual(["fired critical The database cannot be reached (app)"]);
  expect(await round(bad, 5 * minute)).toEqual([]);
  expect(await openAlerts(ops)).toHaveLength(3);
  await round({ ...bad, databaseDown: 0 }, minute);
  expect(await round({ ...bad, databaseDown: 0 }, minute)).toEqual([
    "resolved critical Over: The database cannot be reached (app)",
    "fired warning Background jobs failed (app)",
  ]);
  expect(await round({ ...bad, databaseDown: 0 }, minute)).toEqual([]);
  expect(await round({ ...bad, databaseDown: 0 }, minute)).toEqual(["fired critical Requests fail (app)"]);
});

test("an app that nobody serves is one incident, and what got well with it is never told", async () => {
  const down = { downtimeMinutes: 1, serviceDown: 1, unhealthyMachines: 1 };
  expect(await round(down)).toEqual(["fired critical The app is down (app)"]);
  expect(await round(down, minute)).toEqual([]);
  expect(await openAlerts(ops)).toHaveLength(3);
  const well = { downtimeMinutes: 0, serviceDown: 0, unhealthyMachines: 0 };
  expect(await round(well, minute)).toEqual(["resolved critical Over: The app is down (app)"]);
  expect(await round(well, 40_000)).toEqual([]);
  expect(await round(well, 30_000)).toEqual([]);
  expect(await openAlerts(ops)).toEqual([]);
});

test("silences, maintenance and a release under way keep quiet what they cover, and no more", async () => {
  const until = new Date(world.now.getTime() + 30 * minute);
  await silence(ops, { rule: "failedJobs", until, by: "ann", reason: "known" }, world.now);
  expect(await round({ failedJobs: 1, diskPercent: 95 })).toEqual([
    "fired critical Disk space runs out (app)",
  ]);
  await ops.collection<{ _id: string }>("maintenance").insertOne({
    _id: "current",
    ...{ version: 1, on: true, from: null, until: null },
  });
  expect(await round({ failedJobs: 1, diskPercent: 95, backupAgeHours: 90 })).toEqual([]);
  await ops.collection("maintenance").deleteMany({});
  await ops.collection<{ _id: number }>("releases").insertOne({
    _id: 4,
    ...{ state: "running", startedAt: world.now, steps: [] },
  });
  expect(await round({ p95Ms: 9_000, backupAgeHours: 90 })).toEqual([
    "fired critical The last backup is too old (app)",
  ]);
  expect(await round({ p95Ms: 9_000 }, 5 * minute)).toEqual([]);
  await ops.collection("releases").deleteMany({});
  expect(await round({ p95Ms: 9_000 })).toEqual(["fired critical Slow answers (p95) (app)"]);
  expect(await round({ failedJobs: 1 }, 30 * minute)).toContain("fired warning Background jobs failed (app)");
});

test("an open alert is told again after a time, and a warning that nobody ends becomes critical", async () => {
  settings = settingsWith([hook(receiver.url)], {
    remindAfter: { warning: 60 * minute, critical: 30 * minute },
    escalateAfter: 90 * minute,
  });
  expect(await round({ drillAgeDays: 100 })).toEqual(["fired warning No drill was held lately (app)"]);
  expect(await round({ drillAgeDays: 100 }, 61 * minute)).toEqual([
    "reminder warning Still: No drill was held lately (app)",
  ]);
  expect(await round({ drillAgeDays: 100 }, 30 * minute)).toEqual([
    "worse critical Worse: No drill was held lately (app)",
  ]);
  expect(await round({ drillAgeDays: 100 }, 29 * minute)).toEqual([]);
  expect(await round({ drillAgeDays: 100 }, minute)).toEqual([
    "reminder critical Still: No drill was held lately (app)",
  ]);
});

test("a rule that is only tried out is recorded and told to nobody; thresholds of the stack count", async () => {
  settings = settingsWith([hook(receiver.url)], {
    thresholds: { diskPercent: { warn: 10, dryRun: true }, backupAgeHours: { warn: 1, fail: null } },
  });
  expect(await round({ diskPercent: 20, backupAgeHours: 90 })).toEqual([
    "fired warning The last backup is too old (app)",
  ]);
  expect(await listAlerts(ops)).toHaveLength(2);
});

test("what somebody raises is told once and counted, and who resolves it is told with its end", async () => {
  const raised = {
    rule: "override",
    subject: "machines",
    level: "warning" as const,
    title: "By hand",
    text: "",
  };
  await raiseAlert(ops, raised, world.now);
  await raiseAlert(ops, { ...raised, level: "critical" }, world.now);
  expect(await round({})).toEqual(["fired critical By hand (machines)"]);
  const [open] = await openAlerts(ops);
  expect(open).toMatchObject({ raised: 2, level: "critical" });
  expect(await resolveAlert(ops, open?._id ?? "", "ben", world.now)).toMatchObject({ resolvedBy: "ben" });
  expect(await resolveAlert(ops, "none", "ben", world.now)).toBeNull();
  expect(await round({})).toEqual(["resolved critical Over: By hand (machines)"]);
});

test("a key that PagerDuty knows stays the same from trigger over acknowledge to resolve", async () => {
  settings = settingsWith([pagerDuty(receiver.url)]);
  receiver.answer = () => ({ status: 202, body: '{"status":"success"}' });
  await round({ diskPercent: 95, drillAgeDays: 100 });
  const until = new Date(world.now.getTime() + 30 * minute);
  await silence(ops, { subject: "app", until, by: "ann", reason: "at it" }, world.now);
  await round({ diskPercent: 95 }, minute);
  await round({ diskPercent: 5 }, minute);
  const bodies = receiver.received.map(({ body }) => body);
  expect(bodies.map(({ event_action }) => event_action)).toEqual(["trigger", "acknowledge", "resolve"]);
  expect(new Set(bodies.map(({ dedup_key }) => dedup_key)).size).toBe(1);
});
