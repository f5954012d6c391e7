import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Collection, MongoClient } from "mongodb";
import { runMigrations } from "../../infra/engines/migration";
import { formatDuration } from "../../infra/support";
import { watchReads } from "./readers";

const pipeline = [{ $set: { total: { $add: ["$a", "$b"] }, name: { $toUpper: "$name" } } }];

/** One updateMany of the server, and then the helper with the same pipeline, while another client reads. */
export async function measureBackfill(
  uri: string,
  client: MongoClient,
  folder: string,
  documents: number,
): Promise<void> {
  console.log(`\nback-fill of ${documents} documents`);
  const name = "backfill";
  const things = client.db(name).collection("things");
  await seed(things, documents);
  const readers = () => watchReads(uri, name, documents);

  const idle = readers();
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const idleP95 = (await idle.stop()).p95;
  console.log(`reads of others, idle: p95 ${idleP95.toFixed(2)} ms`);

  const plain = readers();
  const plainMs = await timed(() => things.updateMany({}, pipeline));
  const during = await plain.stop();
  console.log(`updateMany: ${rate(documents, plainMs)}; p95 of reads ${during.p95.toFixed(2)} ms`);

  const files = join(folder, "backfill");
  await mkdir(files, { recursive: true });
  await writeFile(
    join(files, "20260101000000-fill.ts"),
    `export default { version: "20260101000000", description: "fill", transaction: false, irreversible: "bench",
      timeout: "1h", async up({ helpers }) {
        await helpers.backfill("things", { update: ${JSON.stringify(pipeline)} });
      } };`,
  );
  const gentle = readers();
  const ours = await timed(() =>
    runMigrations({
      address: { uri, name, credentials: "none" },
      folder: files,
      phase: "all",
      release: null,
      progress: () => undefined,
    }),
  );
  const meanwhile = await gentle.stop();
  console.log(`helpers.backfill: ${rate(documents, ours)}; p95 of reads ${meanwhile.p95.toFixed(2)} ms`);
  console.log(`speed against updateMany: ${(plainMs / ours).toFixed(2)} (target: at least 0.5)`);
  console.log(`p95 of reads against idle: ${(meanwhile.p95 / idleP95).toFixed(2)} (target: below 3)`);
  await client.db(name).dropDatabase();
  await client.db(`${name}_ops`).dropDatabase();
}

async function seed(things: Collection, documents: number): Promise<void> {
  for (let from = 0; from < documents; from += 10_000) {
    const many = Array.from({ length: Math.min(10_000, documents - from) }, (_, n) => ({
      _id: (from + n) as never,
      a: n,
      b: from,
      name: `hero number ${from + n}`,
      note: "x".repeat(100),
    }));
    await things.insertMany(many, { ordered: false });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function rate(documents: number, ms: number): string {
  return `${formatDuration(ms)}, ${Math.round(documents / (ms / 1000))} documents a second`;
}
