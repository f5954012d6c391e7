import { ObjectId, type Db } from "mongodb";
import { dataNameOf } from "../archive";
import { findCollections } from "../collections";
import { DatabaseNotEmptyError, RestoreNotPermittedError } from "../errors";
import { isUnauthorized } from "../server-failures";
import { OlderServerError } from "./errors";
import type { Placement } from "./namespaces";
import type { Standing } from "./plan";

/** What stands in a database, with everything that is needed to make it anew. */
export function standingCollections(db: Db): Promise<Standing[]> {
  return db.client.withSession(async (session) => {
    const found = await findCollections({ db, session });
    return found.map(({ name, type, header }) => ({ name, type, metadata: header.metadata }));
  });
}

interface Choice {
  drop: boolean;
  /** Only some collections are asked for: the others of the database are not looked at. */
  some: boolean;
}

/** What has to give way; refuses where nobody said that it may. */
export function replacedBy(
  db: Db,
  standing: readonly Standing[],
  placed: readonly Placement[],
  { drop, some }: Choice,
): Standing[] {
  const coming = new Set(placed.map(({ name }) => name));
  const inTheWay = some ? standing.filter(({ name }) => coming.has(name)) : [...standing];
  if (inTheWay.length > 0 && !drop)
    throw new DatabaseNotEmptyError(
      db.databaseName,
      inTheWay.map(({ name }) => name),
    );
  return inTheWay;
}

/** The role readWrite leaves out the buckets of time series: they are tried before anything is written. */
export async function refuseWithoutRights(
  db: Db,
  old: readonly Standing[],
  placed: readonly Standing[],
): Promise<void> {
  const buckets = [...old, ...placed].filter(({ type }) => type === "timeseries");
  for (const name of new Set(buckets.map((one) => dataNameOf(one) ?? one.name))) {
    const nothing = { q: { _id: new ObjectId() }, u: { $unset: { nothing: 1 } } };
    try {
      await db.command({ update: name, updates: [nothing] });
      await db.command({ find: name, filter: { _id: new ObjectId() }, limit: 1 });
    } catch (error) {
      if (isUnauthorized(error)) throw new RestoreNotPermittedError(db.databaseName, name, error);
      throw error;
    }
  }
}

/** Newer servers write what older ones cannot read; who allows it says why. */
export async function refuseOlderServer(
  db: Db,
  dumped: string,
  allowOlder: string | undefined,
): Promise<void> {
  if (allowOlder !== undefined && allowOlder.trim() !== "") return;
  const { version } = (await db.command({ buildInfo: 1 })) as unknown as { version: string };
  if (compareVersions(version, dumped) < 0) throw new OlderServerError(version, dumped);
}

/** By major and minor number: patches change no format. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map((part) => parseInt(part, 10) || 0));
  const major = (left?.[0] ?? 0) - (right?.[0] ?? 0);
  return major === 0 ? (left?.[1] ?? 0) - (right?.[1] ?? 0) : major;
}

/** Free bytes where the server keeps its data; undefined where it does not say. */
export async function freeBytes(db: Db): Promise<number | undefined> {
  try {
    const { fsTotalSize, fsUsedSize } = await db.command({ dbStats: 1 });
    return typeof fsTotalSize === "number" && typeof fsUsedSize === "number"
      ? fsTotalSize - fsUsedSize
      : undefined;
  } catch (error) {
    if (isUnauthorized(error)) return undefined;
    throw error;
  }
}
