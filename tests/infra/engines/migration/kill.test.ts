import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_kill");
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

const loader = join(__dirname, "../../../../infra/support/typescript.cjs");
const things = () => shop.db.collection<{ _id: unknown; times?: number }>("things");

/** Runs a folder in another process and kills that with no chance to clean up, when it says a word. */
async function killAt(word: string, folder: string): Promise<void> {
  const args = [
    "-r",
    loader,
    join(__dirname, "runner-process.ts"),
    shop.address.uri,
    shop.address.name,
    folder,
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) if (line.includes(word)) break;
  child.kill("SIGKILL");
  await exited;
}

describe("after kill -9 in the middle", () => {
  test("nothing of a transaction is there, and the next run does it at once", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `irreversible: "no", async up({ db, log }) {
          await db.collection("things").insertOne({ _id: "a" });
          log("in the middle");
          if (process.argv.length > 4 && process.argv[1].includes("runner-process")) await new Promise(() => setInterval(() => 0, 1000));
        },`,
    });
    await killAt("in the middle", folder);
    expect(await things().countDocuments({})).toBe(0);
    expect(await shop.db.collection("migrations").findOne({})).toMatchObject({ state: "running" });
    const started = Date.now();
    expect((await shop.up(folder)).ran).toHaveLength(1);
    expect(await things().countDocuments({})).toBe(1);
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  test("a back-fill outside a transaction is completed, each document changed once", async () => {
    await things().insertMany(Array.from({ length: 2000 }, (_, n) => ({ _id: n })));
    const folder = await shop.folder({
      "20260101000000-one": `transaction: false, idempotent: true, irreversible: "counts", async up({ helpers }) {
          await helpers.ensureIndex("things", { times: 1 });
          await helpers.backfill("things", { update: { $inc: { times: 1 } }, batchSize: 20 });
        },`,
    });
    await killAt("updated", folder);
    expect(await things().countDocuments({ times: 1 })).toBeLessThan(2000);
    await shop.up(folder);
    expect(await things().countDocuments({ times: 1 })).toBe(2000);
    expect(await shop.db.collection("migrations").findOne({})).toMatchObject({ state: "applied" });
  });
});
