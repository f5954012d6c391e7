import { downMigrations, migrationStatus } from "../../../../infra/engines/migration";
import { adds, failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_down");
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

const down = (folder: string, steps: number, more: { release?: number } = {}) =>
  downMigrations({ ...base(folder), steps, ...more });
const base = (folder: string) => ({
  address: shop.address,
  folder,
  release: null,
  progress: () => undefined,
});
const things = async () =>
  (await shop.db.collection("things").find({}).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);

describe("taking migrations back", () => {
  test("undoes the newest ones, the newest first, and they can be run again", async () => {
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": adds("b"),
      "20260103000000-three": `transaction: false, idempotent: true, ${adds("c")}`,
    });
    await shop.up(folder);
    const result = await down(folder, 2, { release: 4 });
    expect(result.ran.map(({ version }) => version)).toEqual(["20260103000000", "20260102000000"]);
    expect(result).toMatchObject({ schemaVersion: "20260101000000", applied: ["20260101000000"] });
    expect(await things()).toEqual(["a"]);
    const { rows } = await migrationStatus({ address: shop.address, folder });
    expect(rows.map(({ state }) => state)).toEqual(["applied", "reverted", "reverted"]);
    expect((await shop.up(folder)).ran).toHaveLength(2);
    expect(await things()).toEqual(["a", "b", "c"]);
  });

  test("touches nothing when one of them has no way back, and says why", async () => {
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": `async up() {}, irreversible: "it burns the map",`,
      "20260103000000-three": adds("c"),
    });
    await shop.up(folder);
    const failure = await failureOf(down(folder, 3));
    expect(failure).toMatchObject({ code: "migration-irreversible", exitCode: 3 });
    expect(failure.message).toContain("it burns the map");
    expect(await things()).toEqual(["a", "c"]);
  });

  test("leaves a migration applied whose `down` fails in its transaction", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `async up({ db }) { await db.collection("things").insertOne({ _id: "a" }); },
        async down({ db }) { await db.collection("things").deleteMany({}); throw new Error("stuck"); },`,
    });
    await shop.up(folder);
    expect((await failureOf(down(folder, 1))).message).toContain("still applied");
    expect(await things()).toEqual(["a"]);
    expect((await migrationStatus({ address: shop.address, folder })).rows[0]).toMatchObject({
      state: "applied",
      error: "stuck",
    });
  });

  test("of named ones undoes those that are applied, and none that a later one may build on", async () => {
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": adds("b"),
      "20260103000000-three": `phase: "contract", ${adds("c")}`,
    });
    await shop.up(folder);
    const versions = ["20260101000000"];
    const failure = await failureOf(downMigrations({ ...base(folder), versions }));
    expect(failure.message).toContain("20260102000000, which came after it");
    const both = [...versions, "20260102000000"];
    expect((await downMigrations({ ...base(folder), versions: both })).ran).toHaveLength(2);
    expect((await downMigrations({ ...base(folder), versions: both })).ran).toEqual([]);
    expect(await things()).toEqual(["c"]);
  });

  test("takes back as much as is there, and nothing from an empty schema", async () => {
    const folder = await shop.folder({ "20260101000000-one": adds("a") });
    expect((await down(folder, 5)).ran).toEqual([]);
    await shop.up(folder);
    expect((await down(folder, 5)).ran).toHaveLength(1);
  });
});
