import type { Db, Document } from "mongodb";
import { isOfRestore, withDeadline } from "../../support";
import { migrationState, type JournalRow, type MigrationHealth, type SchemaRange } from "./migration-state";

/** Leaves time for the answer itself: a check has two seconds in all. */
const lookMs = 1700;

/** What a look at the database found. */
export interface DatabaseHealth {
  connected: boolean;
  connectionMs: number;
  queryMs: number;
  collections: string[];
  /** Absent where the server is no member of a replica set. */
  replication?: ReplicationHealth | undefined;
}

/** The replica set as its member tells it that answered. */
export interface ReplicationHealth {
  set: string;
  role: "primary" | "secondary" | "other";
  /** Whether the set has a primary, without which nothing can be written. */
  primary: boolean;
  members: number;
}

/** Whether the database answers at all. */
export async function isConnected(db: Db): Promise<boolean> {
  return inTime(async (signal) => {
    await db.command({ ping: 1 }, { signal });
    return true;
  }).catch(() => false);
}

/** How fast the database answers and what it holds; `queried` is the collection that is read for it. */
export async function lookAtDatabase(db: Db, queried: string): Promise<DatabaseHealth> {
  const started = performance.now();
  try {
    return await inTime(async (signal) => {
      const hello = await db.command({ hello: 1 }, { signal });
      const connected = performance.now();
      await db.collection(queried).findOne({}, { projection: { _id: 1 }, signal });
      const answered = performance.now();
      const found = await db.listCollections({}, { nameOnly: true, signal }).toArray();
      return {
        connected: true,
        connectionMs: connected - started,
        queryMs: answered - connected,
        collections: found
          .map(({ name }) => name)
          .filter((name) => !isOfRestore(name))
          .sort(),
        replication: replicationOf(hello),
      };
    });
  } catch {
    return { connected: false, connectionMs: performance.now() - started, queryMs: 0, collections: [] };
  }
}

function replicationOf(hello: Document): ReplicationHealth | undefined {
  if (typeof hello.setName !== "string") return undefined;
  const arbiters: unknown[] = hello.arbiters ?? [];
  return {
    set: hello.setName,
    role: hello.isWritablePrimary ? "primary" : hello.secondary ? "secondary" : "other",
    primary: hello.primary !== undefined,
    members: ((hello.hosts ?? []) as unknown[]).length + arbiters.length,
  };
}

/** Compares the journal of migrations with what the app expects; undefined when it cannot be read. */
export async function lookAtMigrations(
  db: Db,
  expected: readonly string[],
  range?: SchemaRange,
): Promise<MigrationHealth | undefined> {
  return inTime(async (signal) => {
    const journal = db.collection<JournalRow>("migrations");
    const executed = await journal.find({}, { signal }).toArray();
    return migrationState(executed, expected, range);
  }).catch(() => undefined);
}

/** A driver that waits for a silent server must not make the check wait with it. */
function inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withDeadline(lookMs, (signal) => {
    const over = new Promise<never>((_, fail) => {
      signal.addEventListener("abort", () => fail(signal.reason as Error), { once: true });
    });
    return Promise.race([work(signal), over]);
  });
}
