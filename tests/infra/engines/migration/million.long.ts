import { setTimeout as sleep } from "node:timers/promises";
import { endChildRuns, startChildRun } from "./child-run";
import { openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_million");
});
afterEach(endChildRuns);
afterAll(() => shop.close());

const count = 1_000_000;
const kills = 4;

test("a back-fill of a million documents that is killed again and again changes every one exactly once", async () => {
  await shop.clear();
  const things = shop.db.collection<{ _id: number; times?: number }>("things");
  for (let from = 0; from < count; from += 50_000) {
    await things.insertMany(Array.from({ length: 50_000 }, (_, n) => ({ _id: from + n })));
  }
  const folder = await shop.folder({
    "20260101000000-one": `transaction: false, irreversible: "no", async up({ helpers, log }) {
        log("begins");
        await helpers.backfill("things", { update: { $inc: { times: 1 } }, batchSize: 5000, pace: "full" });
      },`,
  });
  let reached = 0;
  for (let n = 0; n < kills; n++) {
    const run = startChildRun(shop, folder);
    await run.saying("begins");
    // Until it has got on, on however slow a machine.
    while (run.child.exitCode === null && (await done()) <= reached) await sleep(100);
    await sleep(Math.round(Math.random() * 300));
    run.child.kill("SIGKILL");
    await run.exited;
    const now = await done();
    expect(now).toBeGreaterThan(reached);
    reached = now;
  }
  expect(reached).toBeLessThan(count);
  await shop.up(folder, { lock: { waitMs: 60_000 } });
  const [counts] = await things
    .aggregate([
      { $group: { _id: null, least: { $min: { $ifNull: ["$times", 0] } }, most: { $max: "$times" } } },
    ])
    .toArray();
  expect(counts).toMatchObject({ least: 1, most: 1 });

  /** How far the journal says that it has come. */
  async function done(): Promise<number> {
    const record = await shop.db.collection("migrations").findOne({});
    return Number((record?.cursors as { seen: number }[] | undefined)?.[0]?.seen ?? 0);
  }
}, 600_000);
