import type { Document, MongoClient, Timestamp } from "mongodb";
import { OperatorError } from "../../support";
import type { FoundCollection } from "./collections";
import type { Manifest } from "./manifest";
import { snapshotTime, type Source } from "./raw-batches";

type Moment = NonNullable<Manifest["consistentAt"]>;

/** Of when the collections in an archive are. */
export type Consistency = Pick<Manifest, "consistency" | "consistentAt" | "window">;

/** How a dump reads: all collections at one moment, where the server can. */
export interface Snapshot {
  /** Of one collection; a capped one has no past that could be read. */
  readConcernOf(collection: FoundCollection): Document;
  /** What the archive is, once everything was read. */
  finish(): Promise<Consistency>;
}

export interface SnapshotWanted {
  /** Everything at one moment, or nothing at all. */
  strict: boolean;
  /** The server was too slow for its own history once already. */
  asItComes: boolean;
}

/** Fixes the moment that is read. Where there is none for all collections, the archive says between which two it was made. */
export async function takeSnapshot(
  source: Source,
  collections: readonly FoundCollection[],
  { strict, asItComes }: SnapshotWanted,
): Promise<Snapshot> {
  const hello = await source.db.command({ hello: 1 });
  const canLookBack = Boolean(hello.setName) || hello.msg === "isdbgrid";
  const capped = collections.filter((one) => one.capped).map((one) => one.name);
  if (strict && !canLookBack) throw notConsistent("the server is no replica set and keeps no snapshots");
  if (strict && capped.length > 0)
    throw notConsistent(`capped collections cannot be read as they were: ${capped.join(", ")}`);
  if (!canLookBack) return asTheyAre({ level: "local" }, null, source);
  const first = collections.find((one) => one.data !== undefined && !one.capped);
  const time = first?.data === undefined ? lastWrite(hello) : await snapshotTime(source, first.data);
  if (asItComes) return asTheyAre({ level: "majority" }, time, source);
  const finish = async (): Promise<Consistency> =>
    capped.length > 0
      ? { consistency: "best-effort", consistentAt: momentOf(time), window: await windowSince(time, source) }
      : { consistency: "snapshot", consistentAt: momentOf(time), window: null };
  return {
    readConcernOf: (one) => (one.capped ? { level: "majority" } : { level: "snapshot", atClusterTime: time }),
    finish,
  };
}

function asTheyAre(readConcern: Document, first: Timestamp | null, source: Source): Snapshot {
  return {
    readConcernOf: () => readConcern,
    finish: async () => ({
      consistency: "best-effort",
      consistentAt: null,
      window: await windowSince(first, source),
    }),
  };
}

async function windowSince(first: Timestamp | null, { db }: Source): Promise<Consistency["window"]> {
  const last = first && lastWrite(await db.command({ hello: 1 }));
  return first && last && { first: toMoment(first), last: toMoment(last) };
}

/** Where there is nothing to read, nothing was there at the newest moment either. */
function lastWrite(hello: Document): Timestamp | null {
  const seen = hello.lastWrite as { majorityOpTime?: { ts?: Timestamp } } | undefined;
  return seen?.majorityOpTime?.ts ?? null;
}

const toMoment = ({ t, i }: Timestamp): Moment => ({ t, i });
const momentOf = (time: Timestamp | null) => time && toMoment(time);

function notConsistent(why: string): OperatorError {
  return new OperatorError({
    code: "backup-not-consistent",
    kind: "refused",
    message: `an archive of one moment is not possible: ${why}`,
    remedy: "Take it without --strict: its manifest then says best-effort. Nothing was written.",
  });
}

const defaultWindowSeconds = 300;

/** How long the server keeps what was; its default where the user may not ask. */
export async function snapshotWindowMs(client: MongoClient): Promise<number> {
  const parameter = "minSnapshotHistoryWindowInSeconds";
  const answer = await client
    .db("admin")
    .command({ getParameter: 1, [parameter]: 1 })
    .catch(() => undefined);
  return Number(answer?.[parameter] ?? defaultWindowSeconds) * 1000;
}
