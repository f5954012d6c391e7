import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { migrationStatus, validateMigrations } from "../../../../infra/engines/migration";
import { downMigrations } from "../../../../infra/engines/migration";
import { failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;
let folder: string;

beforeAll(async () => {
  shop = await openWorkshop("migration_foreign");
});
beforeEach(async () => {
  await shop.clear();
  folder = await shop.folder({});
});
afterAll(() => shop.close());

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const documents = () => shop.db.collection("albums").find({}).toArray();
const journal = () => shop.db.collection("migrations").findOne({});

describe("a file made for migrate-mongo", () => {
  test("runs as it is, and takes back what it did", async () => {
    await write(
      "20160608155948-blacklist_the_beatles.js",
      `module.exports = {
        async up(db, client) { await db.collection("albums").insertOne({ artist: "The Beatles", blacklisted: true }); },
        async down(db, client) { await db.collection("albums").deleteMany({ blacklisted: true }); },
      };`,
    );
    expect(validateMigrations(folder)).toMatchObject({ ok: true, total: 1 });
    await shop.up(folder);
    expect(await documents()).toHaveLength(1);
    const { rows } = await migrationStatus({ address: shop.address, folder });
    expect(rows[0]).toMatchObject({ description: "blacklist the beatles", state: "applied" });
    expect(await journal()).toMatchObject({ transaction: true });
    await downMigrations({
      address: shop.address,
      folder,
      steps: 1,
      release: null,
      progress: () => undefined,
    });
    expect(await documents()).toEqual([]);
  });

  test("runs in a transaction while it can, so that a failure leaves nothing", async () => {
    await write(
      "20160608155948-half.js",
      `module.exports.up = async (db) => {
        await db.collection("albums").insertOne({ artist: "The Beatles" });
        throw new Error("out of vinyl");
      };`,
    );
    expect((await failureOf(shop.up(folder))).message).toContain("nothing of it is in the database");
    expect(await documents()).toEqual([]);
  });

  test.each([
    ["builds an index", `await db.collection("albums").createIndex({ artist: 1 });`],
    [
      "opens a session of its own",
      `const session = client.startSession();
       await session.withTransaction(() =>
         client.db().collection("albums").updateOne({}, { $set: { artist: "Wings" } }, { session, upsert: true }));
       await session.endSession();`,
    ],
  ])("that %s runs outside a transaction, as it would there", async (_what, work) => {
    await write("20160608155948-more.js", `exports.up = async (db, client) => { ${work} };`);
    expect((await shop.up(folder)).ran).toHaveLength(1);
    expect(await journal()).toMatchObject({ transaction: false, state: "applied" });
  });

  test("cannot close the connection", async () => {
    await write("20160608155948-close.js", `exports.up = async (db, client) => { await client.close(); };`);
    const failure = await failureOf(shop.up(folder));
    expect(failure.message).toContain("`close`");
    expect(await journal()).toMatchObject({ state: "failed" });
  });

  test("that is not UTF-8 is refused", async () => {
    await writeFile(
      join(folder, "20160608155948-latin.js"),
      Buffer.from("// caf\xe9\nexports.up = () => {};", "latin1"),
    );
    expect(validateMigrations(folder).problems).toEqual([expect.stringContaining("is not UTF-8")]);
  });
});
