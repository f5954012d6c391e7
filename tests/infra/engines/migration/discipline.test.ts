import { setTimeout as sleep } from "node:timers/promises";
import { adds, failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_discipline");
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

const count = () => shop.db.collection("things").countDocuments({});

describe("a migration", () => {
  test("cannot forget the session: a plain insert is rolled back too", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `async up({ db }) {
          await db.collection("things").insertOne({ n: 1 });
          await db.command({ insert: "things", documents: [{ n: 2 }] });
          throw new Error("stop");
        }, irreversible: "no",`,
    });
    await failureOf(shop.up(folder));
    expect(await count()).toBe(0);
  });

  test.each([
    ["leaves a command unawaited", `void db.collection("things").insertOne({ n: 1 });`, "still running"],
    ["reaches for the journal", `await db.collection("migrations").deleteMany({});`, "engine's own"],
    [
      "builds an index in a transaction",
      `await helpers.ensureIndex("things", { n: 1 });`,
      "transaction: false",
    ],
    [
      "drops a collection in a transaction",
      `await db.collection("things").drop();`,
      "cannot run in a transaction",
    ],
    ["passes the database by", `await db.admin().command({ ping: 1 });`, "cannot run in a transaction"],
  ])("fails when it %s", async (_what, work, said) => {
    const folder = await shop.folder({
      "20260101000000-one": `async up({ db, helpers }) { ${work} }, irreversible: "no",`,
    });
    expect((await failureOf(shop.up(folder))).message).toContain(said);
    expect(await count()).toBe(0);
  });

  test.each([
    [
      "tries a write outside a transaction that may not be repeated",
      "insertOne({ n: 1 })",
      "idempotent: true",
    ],
    ["swallows the refusal", `drop().catch(() => undefined)`, "idempotent: true"],
    ["writes by $out", `aggregate([{ $out: "others" }]).toArray()`, "$out"],
  ])("outside a transaction fails when it %s", async (_what, call, said) => {
    await shop.db.collection("things").insertOne({ n: 0 });
    const folder = await shop.folder({
      "20260101000000-one": `transaction: false, irreversible: "no",
        async up({ db }) { await db.collection("things").${call}; },`,
    });
    expect((await failureOf(shop.up(folder))).message).toContain(said);
    expect(await count()).toBe(1);
  });

  test.each([
    ["delete", `{ delete: "migrations", deletes: [{ q: {}, limit: 0 }] }`],
    ["drop of the whole database", `{ dropDatabase: 1 }`],
    ["rename onto it", `{ aggregate: "things", pipeline: [{ $out: "migrations" }], cursor: {} }`],
  ])("cannot reach the journal by a command: %s", async (_what, command) => {
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": `transaction: false, idempotent: true, irreversible: "no",
        async up({ db }) { await db.command(${command}); },`,
    });
    expect(await failureOf(shop.up(folder))).toMatchObject({ code: "migration-failed" });
    expect(await shop.db.collection("migrations").countDocuments({ state: "applied" })).toBe(1);
  });

  test("that hangs is ended by its timeout, and its transaction is rolled back", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `timeout: "300ms", irreversible: "no",
        async up({ db, signal }) {
          await db.collection("things").insertOne({ n: 1 });
          await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        },`,
    });
    expect((await failureOf(shop.up(folder))).message).toContain("longer than its 300ms");
    expect(await count()).toBe(0);
  });

  test("that says nothing of its own has as long as the stack gives it", async () => {
    const hang = `irreversible: "no", async up() { await new Promise(() => setTimeout(() => 0, 60_000).unref()); },`;
    for (const kind of ["", "transaction: false, "]) {
      const folder = await shop.folder({ "20260101000000-one": `${kind}${hang}` });
      const failure = await failureOf(shop.up(folder, { timeoutMs: 150 }));
      expect(failure.message).toContain("it took longer than its 150ms");
    }
  });

  test("that hears no signal is ended by its timeout, taken back, and gets no further command through", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `transaction: false, idempotent: true, timeout: "300ms",
        async up({ db }) {
          await db.collection("things").insertOne({ _id: "first" });
          await new Promise((resolve) => setTimeout(resolve, 700));
          await db.collection("things").insertOne({ _id: "late" });
        },
        async down({ db }) { await db.collection("things").deleteMany({}); },`,
    });
    const failure = await failureOf(shop.up(folder));
    expect(failure.message).toContain("longer than its 300ms");
    expect(failure.message).toContain("as it was before");
    await sleep(300);
    expect(await count()).toBe(0);
  });

  test("stops on the server as well when its time is over", async () => {
    await shop.db.collection("things").insertMany(Array.from({ length: 300 }, (_, n) => ({ n })));
    const slow = `{ $expr: { $function: { body: "function() { sleep(50); return true; }", args: [], lang: "js" } } }`;
    const folder = await shop.folder({
      "20260101000000-one": `transaction: false, idempotent: true, timeout: "500ms", irreversible: "no",
        async up({ db }) { await db.collection("things").updateMany(${slow}, { $set: { done: true } }); },`,
    });
    expect((await failureOf(shop.up(folder))).message).toContain("longer than its 500ms");
    const left = await shop.client
      .db("admin")
      .aggregate([
        { $currentOp: {} },
        { $match: { "command.comment": /^dnd-migrations migration_discipline_ops/ } },
      ])
      .toArray();
    expect(left).toEqual([]);
  });

  test("that is interrupted is rolled back, and the error says so with the code for it", async () => {
    const stop = new AbortController();
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": `irreversible: "no", async up({ db, log, signal }) {
          await db.collection("things").insertOne({ n: 1 });
          log("waiting");
          if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
        },`,
    });
    const failure = await failureOf(
      shop.up(folder, {
        signal: stop.signal,
        progress: (message) =>
          message.includes("waiting") && stop.abort(new Error("interrupted by the operator")),
      }),
    );
    expect(failure).toMatchObject({ code: "migration-interrupted", exitCode: 130 });
    expect(await count()).toBe(1);
  });
});
