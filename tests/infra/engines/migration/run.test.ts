import { mkdir, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { adds, failureOf, openWorkshop, writeMigration, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_run");
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

const journal = () => shop.db.collection("migrations").find({}).sort({ _id: 1 }).toArray();
const things = async () =>
  (await shop.db.collection("things").find({}).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
const hash = async () => (await shop.db.command({ dbHash: 1 })).md5 as string;

async function withoutLater(folder: string): Promise<void> {
  await unlink(join(folder, "20260102000000-two.ts"));
  await unlink(join(folder, "20260104000000-next.ts"));
}

describe("a run of migrations", () => {
  test("runs what is pending in order and records who ran it, when and for which release", async () => {
    const folder = await shop.folder({ "20260101000000-one": adds("a"), "20260102000000-two": adds("b") });
    const result = await shop.up(folder, { release: 7 });
    expect(result).toMatchObject({
      schemaVersion: "20260102000000",
      applied: ["20260101000000", "20260102000000"],
    });
    expect(result.ran.map(({ version }) => version)).toEqual(["20260101000000", "20260102000000"]);
    expect(await things()).toEqual(["a", "b"]);
    const [first] = await journal();
    expect(first).toMatchObject({ version: "20260101000000", state: "applied", release: 7, error: null });
    expect(first?.executedAt).toBeInstanceOf(Date);
    expect(first?.by).toEqual(expect.stringMatching(/./));
    expect(first?.checksum).toMatch(/^[0-9a-f]{64}$/);
  });

  test("records the commit, the last lines that were logged and what was written to", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `${adds("a")} async verify({ log }) { for (let n = 0; n < 30; n++) log("line " + n); },`,
    });
    const head = "0123456789abcdef0123456789abcdef01234567";
    await mkdir(join(folder, ".git", "refs", "heads"), { recursive: true });
    await writeFile(join(folder, ".git", "HEAD"), "ref: refs/heads/main\n");
    await writeFile(join(folder, ".git", "refs", "heads", "main"), `${head}\n`);
    await shop.up(folder);
    const [record] = await journal();
    expect(record).toMatchObject({ commit: head, direction: "up", touched: ["things"] });
    expect(record?.log).toEqual(Array.from({ length: 20 }, (_, n) => `line ${n + 10}`));
  });

  test("is refused by the server itself when it is no record, or a second one of its version", async () => {
    await shop.up(await shop.folder({ "20260101000000-one": adds("a") }));
    const records = shop.db.collection("migrations");
    const [record] = await journal();
    await expect(records.insertOne({ version: "20260102000000" })).rejects.toThrow(/validation/);
    const twin = { ...record, _id: "20260102000000" as never };
    await expect(records.insertOne(twin)).rejects.toThrow(/duplicate key/);
  });

  test("runs nothing twice, and with nothing to do writes nothing", async () => {
    const folder = await shop.folder({ "20260101000000-one": adds("a") });
    await shop.up(folder);
    const before = [await hash(), (await shop.ops.command({ dbHash: 1 })).md5];
    expect((await shop.up(folder)).ran).toEqual([]);
    expect([await hash(), (await shop.ops.command({ dbHash: 1 })).md5]).toEqual(before);
  });

  test("runs one phase, the versions that were planned, or up to a version", async () => {
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": adds("b"),
      "20260103000000-three": `phase: "contract", ${adds("c")}`,
    });
    await shop.up(folder, { phase: "expand", versions: ["20260101000000", "20260103000000"] });
    expect(await things()).toEqual(["a"]);
    await shop.up(folder, { to: "20260102000000" });
    expect(await things()).toEqual(["a", "b"]);
    await shop.up(folder, { phase: "contract" });
    expect(await things()).toEqual(["a", "b", "c"]);
  });

  test("leaves nothing of a migration that throws; those before it stay, and the mended file runs", async () => {
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": `async up({ db }) {
          await db.collection("things").insertOne({ _id: "half" });
          throw new Error("no such rule in the book");
        }, irreversible: "only up",`,
    });
    const failure = await failureOf(shop.up(folder));
    expect(failure).toMatchObject({ code: "migration-failed" });
    expect(failure.message).toContain("no such rule in the book");
    expect(failure.message).toContain("nothing of it is in the database");
    expect(await things()).toEqual(["a"]);
    expect((await journal())[1]).toMatchObject({ state: "failed", error: "no such rule in the book" });
    const mended = await shop.folder({ "20260101000000-one": adds("a"), "20260102000000-two": adds("b") });
    expect((await shop.up(mended)).ran).toHaveLength(1);
    expect((await journal())[1]).toMatchObject({ state: "applied", error: null });
  });

  test("fails a migration whose own look at the result is not content", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `${adds("a")} async verify() { throw new Error("not what I wanted"); },`,
    });
    expect((await failureOf(shop.up(folder))).message).toContain("not what I wanted");
    expect(await things()).toEqual([]);
  });

  test("takes a failed migration back by its `down` where there is no transaction", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `transaction: false, idempotent: true,
        async up({ db }) { await db.collection("things").insertOne({ _id: "half" }); throw new Error("dice lost"); },
        async down({ db }) { await db.collection("things").deleteOne({ _id: "half" }); },`,
    });
    const failure = await failureOf(shop.up(folder));
    expect(failure.message).toContain("dice lost");
    expect(failure.message).toContain("as it was before");
    expect(await things()).toEqual([]);
    expect((await journal())[0]).toMatchObject({ state: "failed", partial: false });
  });

  test("keeps both errors when the `down` fails too, and says that a part may be left", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `transaction: false, idempotent: true,
        async up({ db }) { await db.collection("things").insertOne({ _id: "half" }); throw new Error("dice lost"); },
        async down() { throw new Error("table gone"); },`,
    });
    const failure = await failureOf(shop.up(folder));
    expect((failure.cause as AggregateError).errors.map((one: Error) => one.message)).toEqual([
      "dice lost",
      "table gone",
    ]);
    expect(failure.message).toContain("may be in the database");
    expect((await journal())[0]).toMatchObject({
      state: "failed",
      partial: true,
      error: expect.stringContaining("table gone"),
    });
  });

  test.each([
    [
      "a changed file",
      async (folder: string) => writeMigration(folder, "20260102000000-two", adds("other")),
      "was changed",
    ],
    [
      "a missing file",
      async (folder: string) => unlink(join(folder, "20260101000000-one.ts")),
      "its file is missing",
    ],
    ["a database ahead", withoutLater, "ahead of this checkout"],
    [
      "an older newcomer",
      async (folder: string) => writeMigration(folder, "20260101120000-late", adds("l")),
      "older than 20260102000000",
    ],
    [
      "a double version",
      async (folder: string) => writeMigration(folder, "20260102000000-twin", adds("t")),
      "same version",
    ],
    [
      "a strange file name",
      async (folder: string) => writeMigration(folder, "3-three", adds("x")),
      "is no migration",
    ],
    [
      "wrong exports",
      async (folder: string) => writeMigration(folder, "20260103000000-bad", "upp() {},"),
      "exports are wrong",
    ],
    [
      "no way back",
      async (folder: string) => writeMigration(folder, "20260103000000-bad", "async up() {},"),
      "neither `down` nor",
    ],
  ])("refuses %s before it touches anything", async (_what, spoil, problem) => {
    const folder = await shop.folder({ "20260101000000-one": adds("a"), "20260102000000-two": adds("b") });
    await shop.up(folder);
    await writeMigration(folder, "20260104000000-next", adds("n"));
    await spoil(folder);
    const before = await hash();
    const failure = await failureOf(shop.up(folder));
    expect(failure).toMatchObject({ code: "migrations-refused", kind: "refused" });
    expect(failure.message).toContain(problem);
    expect(await hash()).toBe(before);
  });
});
