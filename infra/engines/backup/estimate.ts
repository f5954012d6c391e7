import type { MongoClient } from "mongodb";
import { atDatabase, type DatabaseAddress } from "../../drivers/mongo";
import { isOwnCollection } from "./names";

export interface BackupEstimate {
  collections: number;
  documents: number;
  bytes: number;
}

/** What an archive would hold, as the server's own counters say it; nothing is read. */
export function estimateBackup(address: DatabaseAddress): Promise<BackupEstimate> {
  return atDatabase(address, "backup", { appName: "dnd-backup" }, ({ client }) =>
    estimateWith(client, address.name),
  );
}

export async function estimateWith(client: MongoClient, database: string): Promise<BackupEstimate> {
  const db = client.db(database);
  const [listed, stats] = await Promise.all([
    db.listCollections({}, { nameOnly: true }).toArray(),
    db.command({ dbStats: 1 }),
  ]);
  const own = listed.filter(({ name }) => isOwnCollection(name));
  const defined = listed.filter(({ type }) => type !== "collection").length;
  return {
    collections: own.length,
    // The server counts the definition of each view and time series as a document.
    documents: Math.max(0, Number(stats.objects) - defined),
    bytes: Number(stats.dataSize),
  };
}
