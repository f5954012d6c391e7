import { downMigrations, migrateTo, planMigrations } from "../../../../infra/engines/migration";
import { endChildRuns, startChildRun } from "./child-run";
import { failureOf, openWorkshop, type Sources, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_sequences");
});
beforeEach(() => shop.clear());
afterEach(endChildRuns);
afterAll(() => shop.close());

const versions = ["20260101000000", "20260102000000", "20260103000000", "20260104000000", "20260105000000"];

/** Each adds its own document twice over and fails between the two while the test wants it to. */
function sources(): Sources {
  const add = (id: string) =>
    `db.collection("things").updateOne({ _id: "${id}" }, { $set: { here: true } }, { upsert: true })`;
  const entries = versions.map((version, n): [string, string] => [
    `${version}-step`,
    `transaction: ${n % 2 === 0}, idempotent: true,
      async up({ db, log }) {
        await ${add(`${version} a`)};
        if (globalThis.failAt === "${version}") throw new Error("unlucky");
        if (process.env.CRASH_AT === "${version}") { log("in the middle"); await new Promise(() => setInterval(() => 0, 1000)); }
        await ${add(`${version} b`)};
      },
      async down({ db }) { await db.collection("things").deleteMany({ _id: /^${version}/ }); },`,
  ]);
  return Object.fromEntries(entries);
}

/** Numbers that look random and are the same for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * sides);
  };
}

const base = (folder: string) => ({
  address: shop.address,
  folder,
  release: null,
  progress: () => undefined,
});

const luck = globalThis as { failAt?: string | undefined };

/** Kills a run in the middle of a migration, with no chance to clean up. */
async function crashAt(version: string, folder: string): Promise<void> {
  const run = startChildRun(shop, folder, { env: { CRASH_AT: version } });
  await run.saying("in the middle");
  run.child.kill("SIGKILL");
  await run.exited;
}

describe("any sequence of up, down, to, failures and crashes", () => {
  test.each([1, 2, 3])("leaves database and journal as a model of it says (seed %i)", async (seed) => {
    const folder = await shop.folder(sources());
    const roll = dice(seed);
    let level = 0;
    for (let turn = 0; turn < 12; turn++) {
      const kind = roll(5);
      const target = roll(versions.length);
      const wouldRun = target + 1 > level;
      if (kind === 0) {
        await shop.up(folder, { to: versions[target] ?? "" });
        level = Math.max(level, target + 1);
      } else if (kind === 1) {
        const steps = 1 + roll(3);
        await downMigrations({ ...base(folder), steps });
        level = Math.max(0, level - steps);
      } else if (kind === 2) {
        const to = roll(versions.length + 1);
        await migrateTo({ ...base(folder), version: versions[to - 1] ?? null });
        level = to;
      } else if (kind === 3 && wouldRun) {
        await crashAt(versions[target] ?? "", folder);
        await shop.up(folder, { to: versions[target] ?? "" });
        level = target + 1;
      } else if (wouldRun) {
        luck.failAt = versions[target];
        expect((await failureOf(shop.up(folder))).message).toContain("unlucky");
        luck.failAt = undefined;
        level = target;
      }
      const plan = await planMigrations({ address: shop.address, folder });
      expect(plan.applied).toEqual(versions.slice(0, level));
      expect(plan.pending.map(({ version }) => version)).toEqual(versions.slice(level));
      const there = await shop.db.collection("things").find({}).sort({ _id: 1 }).toArray();
      expect(there.map(({ _id }) => String(_id))).toEqual(
        versions.slice(0, level).flatMap((version) => [`${version} a`, `${version} b`]),
      );
    }
  });
});
