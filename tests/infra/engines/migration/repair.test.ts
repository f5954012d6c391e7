import { repairMigrations } from "../../../../infra/engines/migration";
import { adds, failureOf, openWorkshop, writeMigration, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_repair");
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

const repair = (folder: string, versions?: string[]) =>
  repairMigrations({ address: shop.address, folder, reason: "a comment", ...(versions ? { versions } : {}) });

describe("repairing the journal", () => {
  test("accepts the changed file that is named, says who and why, and lets the next run through", async () => {
    const folder = await shop.folder({ "20260101000000-one": adds("a"), "20260102000000-two": adds("b") });
    await shop.up(folder);
    await writeMigration(folder, "20260101000000-one", `/* said better */ ${adds("a")}`);
    await writeMigration(folder, "20260102000000-two", `/* said better */ ${adds("b")}`);
    expect((await repair(folder, ["20260101000000"])).map(({ version }) => version)).toEqual([
      "20260101000000",
    ]);
    expect((await failureOf(shop.up(folder))).message).toContain("20260102000000-two.ts was changed");
    expect(await repair(folder)).toHaveLength(1);
    expect((await shop.up(folder)).ran).toEqual([]);
    const record = await shop.db.collection("migrations").findOne({ version: "20260101000000" });
    expect(record?.log).toEqual([expect.stringContaining("accepted the changed file: a comment")]);
    expect(await repair(folder)).toEqual([]);
  });

  test("refuses a version that is not applied", async () => {
    const folder = await shop.folder({ "20260101000000-one": adds("a") });
    expect(await failureOf(repair(folder, ["20260101000000"]))).toMatchObject({ code: "migration-unknown" });
  });
});
