import { openWorkshop, type Workshop } from "./workshop";
import { endChildRuns, startChildRun } from "./child-run";
import { count, folderOf, kinds } from "./kinds";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_crashes");
});
beforeEach(() => shop.clear());
afterEach(endChildRuns);
afterAll(() => shop.close());

const things = () => shop.db.collection<{ _id: unknown; times?: number; n?: number }>("things");
const phases = ["20260101000000 up", "20260102000000 up", "in the middle", "verified", "20260103000000 up"];
const matrix = Object.keys(kinds).flatMap((kind) => phases.map((phase): [string, string] => [kind, phase]));

describe("after kill -9", () => {
  test.each(matrix)(
    "of %s at `%s` the next run ends with each document changed once",
    async (kind, phase) => {
      await things().insertMany(Array.from({ length: count }, (_, n) => ({ _id: n, n })));
      const folder = await shop.folder(folderOf(kinds[kind] ?? ""));
      const run = startChildRun(shop, folder, { env: { TEST_PAUSE_AT: phase } });
      await run.saying(phase);
      run.child.kill("SIGKILL");
      await run.exited;
      await shop.up(folder);
      expect(await things().countDocuments({ n: { $exists: true }, times: 1 })).toBe(count);
      expect(await things().countDocuments({ n: { $exists: false } })).toBe(2);
      const journal = await shop.db.collection("migrations").find({}).toArray();
      expect(journal.map(({ state, partial }) => [state, partial])).toEqual(
        Array(3).fill(["applied", false]),
      );
      expect((await shop.up(folder)).ran).toEqual([]);
    },
  );
});

describe("a runner that slept longer than its lease", () => {
  const sleepers = Object.keys(kinds).map((kind): [string] => [kind]);
  test.each(sleepers)(
    "in %s does nothing more when it wakes, and each document is changed once",
    async (kind) => {
      await things().insertMany(Array.from({ length: count }, (_, n) => ({ _id: n, n })));
      const folder = await shop.folder(folderOf(kinds[kind] ?? ""));
      const run = startChildRun(shop, folder, { leaseMs: 1000, env: { TEST_PAUSE_AT: "in the middle" } });
      await run.saying("in the middle");
      run.child.kill("SIGSTOP");
      await new Promise((resolve) => setTimeout(resolve, 1300));
      expect((await shop.up(folder)).ran.map(({ version }) => version)).toEqual([
        "20260102000000",
        "20260103000000",
      ]);
      run.child.kill("SIGCONT");
      await run.exited;
      expect(run.lines.at(-1)).toBe("ended with migration-lock-lost");
      expect(await things().countDocuments({ n: { $exists: true }, times: 1 })).toBe(count);
      const journal = await shop.db.collection("migrations").find({}).toArray();
      expect(journal.map(({ state }) => state)).toEqual(Array(3).fill("applied"));
    },
  );

  test("in one long command of the server has that ended before the next run begins", async () => {
    await things().insertMany(Array.from({ length: 200 }, (_, n) => ({ _id: n, n })));
    const slow = `{ $expr: { $function: { body: "function() { sleep(50); return true; }", args: [], lang: "js" } } }`;
    const once = await shop.folder({
      "20260101000000-one": `transaction: false, idempotent: true, irreversible: "no", async up({ db, log }) {
          if (!process.argv[1].includes("runner-process")) return;
          log("in the middle");
          await db.collection("things").updateMany(${slow}, { $set: { by: process.pid } });
        },`,
    });
    const run = startChildRun(shop, once, { leaseMs: 1000 });
    await run.saying("in the middle");
    await new Promise((resolve) => setTimeout(resolve, 300));
    run.child.kill("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, 1300));
    await shop.up(once);
    const reached = await things().countDocuments({ by: { $exists: true } });
    expect(reached).toBeLessThan(200);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await things().countDocuments({ by: { $exists: true } })).toBe(reached);
    run.child.kill("SIGCONT");
    await run.exited;
    expect(run.lines.at(-1)).toBe("ended with migration-lock-lost");
  });
});
