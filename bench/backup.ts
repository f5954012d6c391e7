import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MongoClient } from "mongodb";
import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { restoreArchive, takeBackup, verifyArchive } from "../infra/engines/backup";
import { formatDuration, formatSize } from "../infra/support";
import { benchDumps } from "./dumps";
import { seedDungeon } from "./dungeon";

// A database of characters and combat turns: taken, verified, restored; side by side with mongodump where it is on PATH.

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, megabytes: { type: "string", default: "407" } },
});

async function main(): Promise<void> {
  const server = await MongoMemoryReplSet.create({
    replSet: { count: 1, storageEngine: "wiredTiger" },
    binary: { systemBinary: process.env.DND_MONGOD ?? "mongod", version: "6.0.5", checkMD5: false },
  });
  const store = await mkdtemp(join(tmpdir(), "dnd-bench-backup-"));
  const client = await MongoClient.connect(server.getUri());
  try {
    const bytes = await seedDungeon(client.db("tracker"), Number(values.megabytes) * 1e6);
    console.log(`${formatSize(bytes)} of documents`);
    await benchDumps(server.getUri(), "tracker", store, Number(values.rounds));
    await measure(client, server.getUri(), store, bytes);
  } finally {
    await client.close();
    await server.stop();
    await rm(store, { recursive: true, force: true });
  }
}

async function measure(client: MongoClient, uri: string, store: string, bytes: number): Promise<void> {
  const address = (name: string) => ({ uri, name, credentials: "none" }) as const;
  for (let round = 0; round < Number(values.rounds); round++) {
    const environment = "bench";
    const archive = await takeBackup({ address: address("tracker"), store, environment, release: round });
    const verifying = performance.now();
    await verifyArchive(store, archive.id);
    tell("verify", performance.now() - verifying, bytes);
    const restoring = performance.now();
    await restoreArchive({ store, id: archive.id, to: address("copy"), drop: true });
    tell("verify and restore", performance.now() - restoring, bytes);
    await client.db("copy").dropDatabase();
  }
}

function tell(what: string, ms: number, bytes: number, more = ""): void {
  console.log(`${what}: ${formatDuration(ms)}, ${formatSize((bytes / ms) * 1000)}/s ${more}`);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
