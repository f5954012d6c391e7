import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MongoClient } from "mongodb";
import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { formatSize } from "../infra/support";
import { benchDumps, benchLimit } from "./backup/dumps";
import { Runs } from "./backup/measured";
import { benchRestores } from "./backup/restores";
import { memoryPromises, tableOfPromises, tableOfRuns, type Promised } from "./backup/table";
import { seedDungeon } from "./shared/dungeon";

// A database of characters and combat turns, dumped and restored; side by side with mongodump and mongorestore where they are on PATH.

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    megabytes: { type: "string", default: "407" },
    only: { type: "string", default: "dumps,limit,restores" },
  },
});

async function main(): Promise<void> {
  const server = await MongoMemoryReplSet.create({
    replSet: { count: 1, storageEngine: "wiredTiger" },
    binary: { systemBinary: process.env.DND_MONGOD ?? "mongod", version: "6.0.5", checkMD5: false },
  });
  const folder = await mkdtemp(join(tmpdir(), "dnd-bench-backup-"));
  const client = await MongoClient.connect(server.getUri());
  try {
    const bytes = await seedDungeon(client.db("tracker"), Number(values.megabytes) * 1e6);
    console.log(`${formatSize(bytes)} of documents, medians of ${values.rounds} rounds`);
    await measure(client, { uri: server.getUri(), database: "tracker", folder }, bytes);
  } finally {
    await client.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  client: MongoClient,
  place: { uri: string; database: string; folder: string },
  bytes: number,
): Promise<void> {
  const [runs, rounds, parts] = [new Runs(), Number(values.rounds), values.only.split(",")];
  const promised: Promised[] = [];
  if (parts.includes("dumps")) promised.push(...(await benchDumps(place, rounds, runs)));
  if (parts.includes("limit")) promised.push(await benchLimit(place, bytes));
  if (parts.includes("restores")) promised.push(...(await benchRestores(client, place, rounds, runs)));
  console.log(tableOfRuns(runs));
  console.log(tableOfPromises([...promised, ...memoryPromises(runs)]));
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
