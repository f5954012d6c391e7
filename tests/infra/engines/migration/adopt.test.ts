import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  adoptChangelog,
  downMigrations,
  migrationStatus,
  planMigrations,
} from "../../../../infra/engines/migration";
import { adds, failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;
let folder: string;

beforeAll(async () => {
  shop = await openWorkshop("migration_adopt");
});
beforeEach(async () => {
  await shop.clear();
  folder = await shop.folder({ "20260301000000-ours": adds("ours") });
});
afterAll(() => shop.close());

const adopt = (more = {}) => adoptChangelog({ address: shop.address, folder, ...more });
const at = () => ({ address: shop.address, folder });
const appliedAt = new Date("2026-01-05T10:00:00Z");

const theirs = `exports.up = async (db) => { await db.collection("things").insertOne({ _id: "theirs" }); };
  exports.down = async (db) => { await db.collection("things").deleteOne({ _id: "theirs" }); };`;

describe("taking over from migrate-mongo", () => {
  beforeEach(async () => {
    await writeFile(join(folder, "20260101000000-first_one.js"), theirs);
    await shop.db.collection("things").insertOne({ _id: "theirs" as never });
    await shop.db.collection("changelog").insertMany([
      { fileName: "20251201000000-gone.js", appliedAt: new Date("2025-12-01") },
      { fileName: "20260101000000-first_one.js", appliedAt },
    ]);
  });

  test("continues where its changelog ends, and leaves that as it is", async () => {
    const { tool, adopted } = await adopt();
    expect(tool).toBe("migrate-mongo");
    expect(adopted.map(({ version, file }) => [version, file])).toEqual([
      ["20251201000000", null],
      ["20260101000000", "20260101000000-first_one.js"],
    ]);
    const { rows, problems } = await migrationStatus(at());
    expect(problems).toEqual([]);
    expect(rows.map(({ state }) => state)).toEqual(["missing", "applied", "pending"]);
    expect(rows[1]).toMatchObject({ description: "first one", executedAt: appliedAt });
    expect((await shop.up(folder)).ran.map(({ version }) => version)).toEqual(["20260301000000"]);
    expect(await shop.db.collection("changelog").countDocuments({})).toBe(2);
    const base = { ...at(), release: null, progress: () => undefined };
    expect((await downMigrations({ ...base, steps: 2 })).ran).toHaveLength(2);
    expect(await shop.db.collection("things").countDocuments({})).toBe(0);
    expect((await failureOf(downMigrations({ ...base, steps: 1 }))).message).toContain("its file is missing");
  });

  test("says what it would do, and does it only once", async () => {
    expect((await adopt({ dryRun: true })).adopted).toHaveLength(2);
    expect((await planMigrations(at())).applied).toEqual([]);
    await adopt();
    expect(await adopt()).toMatchObject({ adopted: [], known: ["20251201000000", "20260101000000"] });
  });

  test("refuses a file that was changed since, where the changelog can tell", async () => {
    const fileHash = createHash("sha256").update("other").digest("hex");
    await shop.db.collection("changelog").updateMany({}, { $set: { fileHash } });
    expect((await failureOf(adopt())).message).toContain("first_one.js was changed");
    expect((await planMigrations(at())).applied).toEqual([]);
  });
});

describe("taking over from ts-migrate-mongoose", () => {
  beforeEach(async () => {
    await shop.db.collection("migrations").insertMany([
      { name: "first-one", createdAt: appliedAt, state: "up", __v: 0 },
      { name: "not-this", createdAt: new Date("2026-01-06T10:00:00Z"), state: "down", __v: 0 },
    ]);
  });

  test("makes room for the journal, keeps what was there, and continues", async () => {
    const { tool, adopted } = await adopt();
    expect(tool).toBe("ts-migrate-mongoose");
    expect(adopted).toEqual([{ version: "20260105100000", name: "first-one", appliedAt, file: null }]);
    expect(await shop.db.collection("migrations_ts_migrate_mongoose").countDocuments({})).toBe(2);
    expect((await shop.up(folder)).applied).toEqual(["20260105100000", "20260301000000"]);
    expect((await adopt()).adopted).toEqual([]);
  });

  test("goes on when it was killed after making room", async () => {
    await shop.db.collection("migrations").rename("migrations_ts_migrate_mongoose");
    expect((await adopt()).adopted).toHaveLength(1);
  });
});

test("taking over from nobody is refused", async () => {
  expect(await failureOf(adopt())).toMatchObject({ code: "migrations-nothing-to-adopt", exitCode: 3 });
});
