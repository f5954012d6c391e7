import { migrationStatus, planMigrations, validateMigrations } from "../../../../infra/engines/migration";
import { adds, failureOf, openWorkshop, writeMigration, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_plan");
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

const databases = async () =>
  (await shop.client.db("admin").admin().listDatabases({ nameOnly: true })).databases.map(({ name }) => name);

/** Whatever the server's profiler saw of a database while it was on, but for reads. */
async function writesDuring(work: () => Promise<unknown>): Promise<unknown[]> {
  await shop.db.command({ profile: 2 });
  await work();
  await shop.db.command({ profile: 0 });
  const seen = await shop.db.collection("system.profile").find({}).toArray();
  const reads = seen.filter(({ op, ns }) => op === "query" && ns === `${shop.db.databaseName}.migrations`);
  expect(reads.length).toBeGreaterThan(0);
  return seen
    .filter(({ op, command }) => op !== "query" && !("profile" in command))
    .map(({ command }) => command);
}

describe("a plan of migrations", () => {
  test("says what would run, and what of it cannot be undone", async () => {
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": `async up() {}, irreversible: "it burns the map", phase: "contract",`,
    });
    await shop.up(folder, { phase: "expand" });
    expect(await planMigrations({ address: shop.address, folder })).toEqual({
      applied: ["20260101000000"],
      pending: [
        {
          version: "20260102000000",
          description: "what 20260102000000-two does",
          phase: "contract",
          reversible: false,
        },
      ],
      schemaVersion: "20260101000000",
      total: 2,
      problems: [],
      unfiled: { ahead: [], adopted: [] },
    });
  });

  test("writes nothing, neither to a database that exists nor to one that does not", async () => {
    const folder = await shop.folder({ "20260101000000-one": adds("a") });
    await shop.up(folder);
    const hash = async () => (await shop.db.command({ dbHash: 1 })).md5 as unknown;
    const before = await hash();
    const writes = await writesDuring(async () => {
      await planMigrations({ address: shop.address, folder });
      await migrationStatus({ address: shop.address, folder });
    });
    expect(writes).toEqual([]);
    expect(await hash()).toEqual(before);
    const absent = { ...shop.address, name: "migration_plan_absent" };
    expect(await planMigrations({ address: absent, folder })).toMatchObject({
      applied: [],
      schemaVersion: null,
    });
    expect(await databases()).not.toContain("migration_plan_absent");
  });

  test("without any database holds every migration", async () => {
    const folder = await shop.folder({ "20260101000000-one": adds("a"), "20260102000000-two": adds("b") });
    const plan = await planMigrations({ address: null, folder });
    expect(plan).toMatchObject({ applied: [], schemaVersion: null, total: 2, problems: [] });
    expect(plan.pending).toHaveLength(2);
  });

  test("asks each migration how much it has to do, and an estimate cannot write", async () => {
    await shop.db.collection("things").insertMany([{ n: 1 }, { n: 2 }]);
    const folder = await shop.folder({
      "20260101000000-one": `${adds("a")} async estimate({ db }) {
          return { documents: await db.collection("things").countDocuments({}), duration: "2s" };
        },`,
      "20260102000000-two": `async up() {}, irreversible: "no",
        async estimate({ db }) { await db.collection("things").deleteMany({}); return {}; },`,
      "20260103000000-three": adds("c"),
    });
    const { pending } = await planMigrations({ address: shop.address, folder, estimates: true });
    expect(pending.map(({ irreversible, estimate }) => [irreversible, estimate])).toEqual([
      [null, { documents: 2, duration: "2s" }],
      ["no", { note: expect.stringContaining("writes to things") }],
      [null, null],
    ]);
    expect(await shop.db.collection("things").countDocuments({})).toBe(2);
  });

  test("lists what is ahead of the code within the range that it declares, and changes nothing there", async () => {
    const both = await shop.folder({ "20260101000000-one": adds("a"), "20260102000000-two": adds("b") });
    await shop.up(both);
    const old = await shop.folder({ "20260101000000-one": adds("a") });
    const schema = { min: "20260101000000", max: "20260102000000" };
    const plan = await planMigrations({ address: shop.address, folder: old, schema });
    expect(plan).toMatchObject({ problems: [], unfiled: { ahead: ["20260102000000"] } });
    expect((await shop.up(old, { schema })).ran).toEqual([]);
    const narrow = { ...schema, max: "20260101000000" };
    const refused = await planMigrations({ address: shop.address, folder: old, schema: narrow });
    expect(refused.problems).toEqual([expect.stringContaining("ahead of this checkout")]);
    await writeMigration(old, "20260101000001-more", `phase: "contract", ${adds("m")}`);
    expect((await failureOf(shop.up(old, { schema }))).message).toContain("change nothing in it");
  });

  test("wants a way back of each that is pending, where the stack does, and a run refuses what has none", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `irreversible: "no", async up() {},`,
      "20260102000000-two": adds("b"),
    });
    const { problems } = await planMigrations({ address: shop.address, folder, requireDown: true });
    expect(problems).toEqual([expect.stringContaining("one.ts has no `down`")]);
    expect(await failureOf(shop.up(folder, { requireDown: true }))).toMatchObject({
      code: "migrations-refused",
    });
    await shop.up(folder);
    expect((await planMigrations({ address: shop.address, folder, requireDown: true })).problems).toEqual([]);
  });

  test("wants what is pending to be younger than what is applied", async () => {
    await shop.up(await shop.folder({ "20260102000000-two": adds("b") }));
    const folder = await shop.folder({ "20260101000000-one": adds("a"), "20260102000000-two": adds("b") });
    const { problems } = await planMigrations({ address: shop.address, folder });
    expect(problems).toEqual([expect.stringMatching(/one\.ts is pending and older than .*a later version/)]);
    expect(await failureOf(shop.up(folder))).toMatchObject({ code: "migrations-refused" });
  });

  test("wants every contract migration to be younger than the expand ones that run with it", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `phase: "contract", ${adds("a")}`,
      "20260102000000-two": adds("b"),
    });
    const { problems } = await planMigrations({ address: shop.address, folder });
    expect(problems).toEqual([expect.stringContaining("20260101000000-one.ts (contract) is older than")]);
  });
});

describe("a journal", () => {
  test.each([
    ["of a later edition", { documentVersion: 2 }, "migration-journal-newer"],
    ["of another tool", { fileName: "20200101-create.js" }, "migration-journal-foreign"],
  ])("%s is refused, not guessed at", async (_what, document, code) => {
    const folder = await shop.folder({ "20260101000000-one": adds("a") });
    await shop.db.collection("migrations").insertOne({ ...document });
    expect(await failureOf(shop.up(folder))).toMatchObject({ code, kind: "refused" });
    expect(await shop.db.collection("things").countDocuments({})).toBe(0);
  });
});

describe("the status of migrations", () => {
  test("is a row for each, with what came of it", async () => {
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": `async up() { throw new Error("no"); }, irreversible: "no",`,
      "20260103000000-three": adds("c"),
    });
    await failureOf(shop.up(folder, { release: 3 }));
    const { rows, schemaVersion } = await migrationStatus({ address: shop.address, folder });
    expect(schemaVersion).toBe("20260101000000");
    expect(rows.map(({ version, state, applied, release }) => [version, state, applied, release])).toEqual([
      ["20260101000000", "applied", true, 3],
      ["20260102000000", "failed", false, 3],
      ["20260103000000", "pending", false, null],
    ]);
    expect(rows[1]?.error).toBe("no");
  });
});

describe("validation without a database", () => {
  test("finds nothing wrong with a folder that is right", async () => {
    const folder = await shop.folder({ "20260101000000-one": adds("a") });
    expect(validateMigrations(folder)).toEqual({ ok: true, total: 1, problems: [] });
  });

  test("tells everything that is wrong at once", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `async up() {}, phase: "sideways", timeout: "soon",`,
      "20260231000000-two": adds("b"),
      "20260103000000-three": `version: "20260104000000", ${adds("c")}`,
      "20260105000000-five": `timeout: "5m", ${adds("d")}`,
      "20260106000000-six": `async up( {`,
      "20260107000000-seven": `async up() {},`,
      "20260107000000-twin": adds("t"),
    });
    const { ok, problems } = validateMigrations(folder);
    expect(ok).toBe(false);
    expect(problems).toEqual([
      expect.stringContaining("20260107000000-seven.ts and 20260107000000-twin.ts have the same version"),
      expect.stringContaining("20260231000000-two.ts is no migration"),
      expect.stringMatching(/one\.ts: .*timeout must be a duration.*phase/),
      expect.stringContaining("exports the version 20260104000000"),
      expect.stringContaining("no transaction lives to see"),
      expect.stringContaining("20260106000000-six.ts:"),
      expect.stringContaining("seven.ts: its exports are wrong: has neither `down` nor `undo`"),
    ]);
    expect(validateMigrations("/nowhere/at/all").problems).toEqual(["there is no folder /nowhere/at/all"]);
  });
});
