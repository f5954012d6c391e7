import { setTimeout as sleep } from "node:timers/promises";
import { adds, openWorkshop, type Workshop } from "./workshop";

let one: Workshop;
let other: Workshop;

beforeAll(async () => {
  [one, other] = await Promise.all([openWorkshop("migration_one"), openWorkshop("migration_other")]);
});
beforeEach(() => Promise.all([one.clear(), other.clear()]));
afterAll(() => Promise.all([one.close(), other.close()]));

describe("what a run ends on the server", () => {
  test("is never another database's, whose tokens may be the same", async () => {
    await one.db.collection("things").insertMany(Array.from({ length: 30 }, (_, n) => ({ n })));
    const slow = `{ $expr: { $function: { body: "function() { sleep(50); return true; }", args: [], lang: "js" } } }`;
    const long = await one.folder({
      "20260101000000-one": `transaction: false, idempotent: true, irreversible: "no",
        async up({ db }) { await db.collection("things").updateMany(${slow}, { $set: { done: true } }); },`,
    });
    const short = await other.folder({ "20260101000000-one": adds("a"), "20260102000000-two": adds("b") });
    const run = one.up(long);
    await sleep(300);
    await other.up(short, { to: "20260101000000" });
    await other.up(short);
    expect((await run).ran).toHaveLength(1);
    expect(await one.db.collection("things").countDocuments({ done: true })).toBe(30);
  });
});
