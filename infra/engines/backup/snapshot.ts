import type { Document, Timestamp } from "mongodb";
import type { FoundCollection } from "./collections";
import { snapshotTime, type Source } from "./raw-batches";

/** How a dump reads: all collections at one moment, where the server can. */
export interface Snapshot {
  consistency: "snapshot" | "best-effort";
  clusterTime: Timestamp | null;
  /** Of one collection; a capped one has no past that could be read. */
  readConcernOf(collection: FoundCollection): Document;
}

/** Fixes the moment that is read. A server without replica set has no snapshots: it is read as it is. */
export async function takeSnapshot(
  source: Source,
  collections: readonly FoundCollection[],
): Promise<Snapshot> {
  const hello = await source.db.command({ hello: 1 });
  const canLookBack = Boolean(hello.setName) || hello.msg === "isdbgrid";
  if (!canLookBack)
    return { consistency: "best-effort", clusterTime: null, readConcernOf: () => ({ level: "local" }) };
  const first = collections.find((one) => one.data !== undefined && !one.capped);
  const clusterTime = first?.data === undefined ? lastWrite(hello) : await snapshotTime(source, first.data);
  return {
    consistency: collections.some((one) => one.capped) ? "best-effort" : "snapshot",
    clusterTime,
    readConcernOf: (one) =>
      one.capped ? { level: "majority" } : { level: "snapshot", atClusterTime: clusterTime },
  };
}

/** Where there is nothing to read, nothing was there at the newest moment either. */
function lastWrite(hello: Document): Timestamp | null {
  const seen = hello.lastWrite as { majorityOpTime?: { ts?: Timestamp } } | undefined;
  return seen?.majorityOpTime?.ts ?? null;
}
