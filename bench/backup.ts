import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MongoClient, type Db } from "mongodb";
import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { restoreArchive, takeBackup, verifyArchive } from "../infra/engines/backup";
import { formatDuration, formatSize } from "../infra/support";

// A database of characters and combat turns: taken, verified, restored; side by side with mongodump where it is on PATH.

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, megabytes: { type: "string", default: "100" } },
});

async function main(): Promise<void> {
  const server = await MongoMemoryReplSet.create({
    replSet: { count: 1, storageEngine: "wiredTiger" },
    binary: { systemBinary: process.env.DND_MONGOD ?? "mongod", version: "6.0.5", checkMD5: false },
  });
  const store = await mkdtemp(join(tmpdir(), "dnd-bench-backup-"));
  const client = await MongoClient.connect(server.getUri());
  try {
    const bytes = await seed(client.db("tracker"), Number(values.megabytes) * 1e6);
    console.log(`${formatSize(bytes)} of documents`);
    await measure(client, server.getUri(), store, bytes);
    dumpElsewhere(server.getUri(), store, bytes);
  } finally {
    await client.close();
    await server.stop();
    await rm(store, { recursive: true, force: true });
  }
}

async function measure(client: MongoClient, uri: string, store: string, bytes: number): Promise<void> {
  const address = (name: string) => ({ uri, name, credentials: "none" }) as const;
  for (let round = 0; round < Number(values.rounds); round++) {
    let reading = 0;
    const started = performance.now();
    const progress = (line: string) => {
      if (line.startsWith("verifying")) reading ||= performance.now();
    };
    const archive = await takeBackup({
      address: address("tracker"),
      store,
      environment: "bench",
      release: round,
      progress,
    });
    tell("dump", reading - started, bytes, formatSize(archive.bytes));
    const verifying = performance.now();
    await verifyArchive(store, archive.id);
    tell("verify", performance.now() - verifying, bytes);
    const restoring = performance.now();
    await restoreArchive({ store, id: archive.id, to: address("copy"), drop: true });
    tell("verify and restore", performance.now() - restoring, bytes);
    await client.db("copy").dropDatabase();
  }
}

function dumpElsewhere(uri: string, store: string, bytes: number): void {
  const file = join(store, "mongodump.gz");
  const started = performance.now();
  const { error, status } = spawnSync("mongodump", [
    `--uri=${uri}`,
    "--db=tracker",
    "--gzip",
    `--archive=${file}`,
  ]);
  if (error) console.log("mongodump is not on PATH: nothing to compare with");
  else tell(`mongodump (exit ${status})`, performance.now() - started, bytes);
}

function tell(what: string, ms: number, bytes: number, more = ""): void {
  console.log(`${what}: ${formatDuration(ms)}, ${formatSize((bytes / ms) * 1000)}/s ${more}`);
}

async function seed(db: Db, wanted: number): Promise<number> {
  const names = ["Ada", "Borin", "Cael", "Dwalin", "Elowen", "Fizz"];
  let random = 1;
  const next = (below: number) => (random = (random * 48_271) % 2_147_483_647) % below;
  for (let bytes = 0; bytes < wanted;) {
    const turns = Array.from({ length: 5000 }, () => ({
      encounter: next(5000),
      actor: `${names[next(6)]} ${next(1000)}`,
      roll: { die: 20, value: next(20) + 1, modifiers: [next(5), next(5)] },
      note: Array.from({ length: 30 }, () => names[next(6)] + String(next(100))).join(" "),
      at: new Date(1_790_000_000_000 + next(100_000_000)),
    }));
    await db.collection(bytes < wanted / 2 ? "turns" : "characters").insertMany(turns);
    bytes = Number((await db.command({ dbStats: 1 })).dataSize);
  }
  await db.collection("turns").createIndexes([{ key: { encounter: 1, at: 1 } }, { key: { actor: 1 } }]);
  return Number((await db.command({ dbStats: 1 })).dataSize);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
