import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Db } from "mongodb";
import { startMongod, type RunningMongod } from "./own-mongod";
import { channelsOf, deliverOutbox, evaluateRound, listAlerts } from "../../../../infra/engines/alerts";
import { Receiver } from "./receiver";
import { figure, hook, minute, settingsWith, World } from "./world";

const world = new World();
const receiver = new Receiver();
let mongod: RunningMongod;
let ops: Db;

beforeAll(async () => {
  mongod = await startMongod();
  // As on a replica set, what was acknowledged is on the disk: a killed server forgets none of it.
  ops = await world.open("alerts_away", `${mongod.uri}&journal=true&serverSelectionTimeoutMS=2000`);
  await receiver.start();
});
afterAll(async () => {
  await receiver.stop();
  await world.close();
  await mongod.remove();
}, 120_000);

test("while the database is away alerts begin, arrive and end; afterwards it has all of it, once", async () => {
  const settings = settingsWith([hook(receiver.url)]);
  const channels = channelsOf(settings);
  const round = async (figures: Record<string, number>, wait: number) => {
    const now = world.later(wait);
    const seen = Object.entries(figures).map(([name, value]) => figure(name, value, now));
    const { place } = await evaluateRound(ops, seen, settings, now);
    await deliverOutbox(ops, channels, { now: world.clock });
    return place;
  };
  const titles = () => receiver.received.map(({ body }) => body.title);
  expect(await round({ diskPercent: 85 }, 0)).toBe("database");
  await mongod.stop();
  expect(await round({ diskPercent: 85, databaseDown: 1 }, minute)).toBe("file");
  expect(await round({ diskPercent: 85, databaseDown: 1 }, minute)).toBe("file");
  // What was told before is not told again, and what is new arrives without the database.
  expect(titles()).toEqual(["Disk space runs out (app)", "The database cannot be reached (app)"]);
  receiver.answer = () => ({ status: 503 });
  expect(await round({ diskPercent: 95, databaseDown: 1 }, minute)).toBe("file");
  receiver.answer = () => ({ body: "ok" });
  await mongod.start();
  expect(await round({ diskPercent: 95, databaseDown: 0 }, minute)).toBe("database");
  expect(await round({ diskPercent: 95, databaseDown: 0 }, minute)).toBe("database");
  expect(
    titles()
      .slice(2)
      .filter((title, index, all) => all.indexOf(title) === index),
  ).toEqual(["Worse: Disk space runs out (app)", "Over: The database cannot be reached (app)"]);
  expect((await listAlerts(ops)).map(({ key, resolved }) => `${key} ${resolved}`).sort()).toEqual([
    "databaseDown:app true",
    "diskPercent:app false",
  ]);
  const settled = await ops.collection("outbox").countDocuments({ state: "delivered" });
  expect(settled).toBe(4);
  const folder = join(process.env.DND_DIR ?? "", "alerts");
  const [own = ""] = await readdir(folder);
  expect(await readdir(join(folder, own))).toEqual(["remembered.json"]);
});
