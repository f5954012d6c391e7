import { MongoServerError, Timestamp, type ChangeStream, type Db } from "mongodb";
import { connect, type DatabaseAddress } from "../../drivers/mongo";

/** A moment in the cluster's own time. */
export interface ClusterMoment {
  t: number;
  i: number;
}

const patienceMs = 20_000;
/** The journal of migrations, restores' own collections: no player has written there. */
const ownCollections = /^(migrations($|_)|__)/;
const counted = ["insert", "update", "replace", "delete", "drop", "rename", "dropDatabase"];

/**
 * How many writes the application's collections have seen since a moment; undefined where nobody can tell, because the
 * server's memory does not reach back so far, it keeps none, or there are too many to count in time.
 */
export async function writesSince(
  address: DatabaseAddress,
  since: ClusterMoment | null,
  signal?: AbortSignal,
): Promise<number | undefined> {
  if (!since) return undefined;
  const client = await connect(address, "migration", { signal, appName: "dnd-rollback" });
  try {
    return await count(client.db(address.name), since, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MongoServerError) return undefined;
    throw error;
  } finally {
    await client.close();
  }
}

async function count(db: Db, { t, i }: ClusterMoment, signal?: AbortSignal): Promise<number | undefined> {
  const { operationTime } = (await db.command({ ping: 1 })) as { operationTime?: Timestamp };
  if (!operationTime) return undefined;
  const theirs = { operationType: { $in: counted }, "ns.coll": { $not: ownCollections } };
  const stream = db.watch([{ $match: theirs }, { $project: { _id: 1 } }], {
    // What was written at that very moment is in the archive.
    startAtOperationTime: new Timestamp({ t, i: i + 1 }),
    maxAwaitTimeMS: 200,
    batchSize: 10_000,
  });
  const deadline = performance.now() + patienceMs;
  let writes = 0;
  try {
    while (performance.now() < deadline) {
      signal?.throwIfAborted();
      if ((await stream.tryNext()) !== null) writes++;
      else if (reachedBy(stream) >= operationTime.t) return writes;
    }
    return undefined;
  } finally {
    await stream.close();
  }
}

/** The second that a stream has read up to: it stands at the beginning of the token that it would go on from. */
function reachedBy({ resumeToken }: ChangeStream): number {
  const data = (resumeToken as { _data?: unknown } | undefined)?._data;
  return typeof data === "string" ? Number.parseInt(data.slice(2, 10), 16) : 0;
}
