import { migrationsLock, unlockMigrations } from "../../../../infra/engines/migration";
import { adds, failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_lock");
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

interface Lock {
  _id: string;
  owner: string | null;
  token: number;
}

const lock = () => shop.ops.collection<Lock>("locks").findOne({ _id: "migrations" });

/** Stops in the middle until the test says go on. */
function pausing(more: string): string {
  return `${more} irreversible: "no", async up({ db, log }) {
      await db.collection("things").insertOne({ _id: "first" });
      await log("in the middle");
      for (let n = 0; n < 200 && !globalThis.goOn; n++) await new Promise((resolve) => setTimeout(resolve, 20));
      await db.collection("things").insertOne({ _id: "second" });
    },`;
}

/** Starts a run and waits until its migration is in the middle. */
async function inTheMiddle(more: string, leaseMs: number) {
  const gate = globalThis as { goOn?: boolean };
  gate.goOn = false;
  const folder = await shop.folder({ "20260101000000-one": pausing(more) });
  let reached: () => void = () => undefined;
  const middle = new Promise<void>((resolve) => (reached = resolve));
  const run = shop.up(folder, {
    lock: { leaseMs },
    progress: (message) => message.includes("in the middle") && reached(),
  });
  run.catch(() => undefined);
  await middle;
  return { folder, run, goOn: () => (gate.goOn = true) };
}

describe("the lock of the migrations", () => {
  test("lets ten runners at once run each migration once", async () => {
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": `transaction: false, idempotent: true, ${adds("b")}`,
      "20260103000000-three": adds("c"),
    });
    const results = await Promise.all(Array.from({ length: 10 }, () => shop.up(folder)));
    expect(results.flatMap(({ ran }) => ran.map(({ version }) => version)).sort()).toEqual([
      "20260101000000",
      "20260102000000",
      "20260103000000",
    ]);
    expect(await shop.db.collection("things").countDocuments({})).toBe(3);
    expect(await lock()).toMatchObject({ owner: null });
  });

  test("is waited for with a deadline, and its holder is named", async () => {
    const { folder, run, goOn } = await inTheMiddle("", 30_000);
    const failure = await failureOf(shop.up(folder, { lock: { waitMs: 400 } }));
    expect(failure).toMatchObject({ code: "migrations-locked", exitCode: 4 });
    expect(failure.message).toContain(`process ${process.pid}`);
    goOn();
    expect((await run).ran).toHaveLength(1);
  });

  test("can be taken from the one who is shown to hold it, who then stops before the next command", async () => {
    const { run, goOn } = await inTheMiddle("transaction: false, idempotent: true,", 1000);
    const holder = await migrationsLock({ address: shop.address });
    expect(holder).toMatchObject({ pid: process.pid, reason: "running migrations" });
    expect(await unlockMigrations({ address: shop.address, owner: "somebody else" })).toBeNull();
    expect(await unlockMigrations({ address: shop.address, owner: holder?.owner ?? "" })).toMatchObject({
      owner: holder?.owner,
      since: holder?.since,
    });
    expect(await migrationsLock({ address: shop.address })).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 400));
    goOn();
    expect(await failureOf(run)).toMatchObject({ code: "migration-lock-lost" });
    expect(await shop.db.collection("things").countDocuments({})).toBe(1);
  });

  test("that was lost stops its old owner before the next command", async () => {
    const { run, goOn } = await inTheMiddle("transaction: false, idempotent: true,", 400);
    await shop.ops
      .collection<Lock>("locks")
      .updateOne({ _id: "migrations" }, { $set: { owner: "somebody" } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    goOn();
    expect(await failureOf(run)).toMatchObject({ code: "migration-lock-lost" });
    expect(await shop.db.collection("things").countDocuments({})).toBe(1);
  });

  test("is lost by a run that lets nothing else happen for longer than its lease, before its next command", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `transaction: false, idempotent: true, irreversible: "no", async up({ db }) {
          await db.collection("things").insertOne({ _id: "first" });
          for (const end = Date.now() + 900; Date.now() < end; );
          await db.collection("things").insertOne({ _id: "second" });
        },`,
    });
    expect(await failureOf(shop.up(folder, { lock: { leaseMs: 600 } }))).toMatchObject({
      code: "migration-lock-lost",
    });
    expect(await shop.db.collection("things").countDocuments({})).toBe(1);
  });

  test("is compared inside the transaction: nothing of an old owner commits after a new one has begun", async () => {
    const { folder, run, goOn } = await inTheMiddle("", 60_000);
    // A paused runner: its lease is over, and it has not noticed.
    await shop.ops
      .collection("locks")
      .updateOne({ _id: "migrations" as never }, { $set: { expiresAt: new Date(0) } });
    const gate = globalThis as { goOn?: boolean };
    const second = shop.up(folder);
    await new Promise((resolve) => setTimeout(resolve, 500));
    goOn();
    expect((await second).ran).toHaveLength(1);
    expect(await failureOf(run)).toMatchObject({ code: "migration-lock-lost" });
    expect(await shop.db.collection("things").countDocuments({})).toBe(2);
    expect(gate.goOn).toBe(true);
  });
});
