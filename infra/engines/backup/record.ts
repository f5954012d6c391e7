import type { Collection, MongoClient } from "mongodb";
import { connect, opsDatabaseName, type DatabaseAddress } from "../../drivers/mongo";
import { listArchives, type StorePlace } from "./catalog";
import type { ArchiveCopy } from "./copies/copy-archives";
import type { ArchiveSummary } from "./manifest";

/** An archive as the operations' own database remembers it, apart from the store. */
interface RecordedArchive extends Omit<ArchiveSummary, "id" | "verified"> {
  _id: string;
  documentVersion: 1;
  recordedAt: Date;
  /** How the copying into each further store went when it was last tried. */
  copies?: RecordedCopy[];
}

export type RecordedCopy = Omit<ArchiveCopy, "id">;

/** What the store and the catalog say differently; both lists are empty when all is well. */
export interface CatalogComparison {
  /** In the catalog, and not good in the store: gone, damaged, or not what was put there. */
  missing: { id: string; why: string }[];
  /** Good in the store, and nothing is known of it: copied there, or put there by somebody. */
  unknown: string[];
}

/** Remembers an archive in `<database>_ops`: whoever loses the store still knows what was there. */
export function recordArchive(address: DatabaseAddress, archive: ArchiveSummary): Promise<void> {
  return withCatalog(address, async (catalog) => {
    const { id, verified: _verified, ...rest } = archive;
    const recorded = { documentVersion: 1 as const, ...rest, recordedAt: new Date() };
    await catalog.updateOne({ _id: id }, { $set: recorded }, { upsert: true });
  });
}

/** Remembers how copying went: of each archive and store the last try counts. */
export function recordCopies(address: DatabaseAddress, copies: readonly ArchiveCopy[]): Promise<void> {
  return withCatalog(address, async (catalog) => {
    for (const { id, ...copy } of copies) {
      await catalog.updateOne({ _id: id }, { $pull: { copies: { store: copy.store } } });
      await catalog.updateOne({ _id: id }, { $push: { copies: copy } });
    }
  });
}

/** Forgets archives that retention deleted. */
export function forgetArchives(address: DatabaseAddress, ids: readonly string[]): Promise<void> {
  return withCatalog(address, async (catalog) => {
    await catalog.deleteMany({ _id: { $in: [...ids] } });
  });
}

/** Holds the catalog against the store, and the store against the catalog. */
export function compareCatalog(address: DatabaseAddress, place: StorePlace): Promise<CatalogComparison> {
  return withCatalog(address, async (catalog) => {
    const [recorded, stored] = await Promise.all([
      catalog.find({ database: address.name }, { projection: { sha256: 1, bytes: 1 } }).toArray(),
      listArchives(place, { database: address.name }),
    ]);
    const good = new Map(stored.map((archive) => [archive.id, archive]));
    const known = new Set(recorded.map(({ _id }) => _id));
    const missing = recorded.flatMap(({ _id: id, sha256 }) => {
      const there = good.get(id);
      if (!there) return [{ id, why: "no good archive of that id is in the store" }];
      return there.sha256 === sha256 ? [] : [{ id, why: "the one in the store has another SHA-256" }];
    });
    return { missing, unknown: stored.map(({ id }) => id).filter((id) => !known.has(id)) };
  });
}

async function withCatalog<T>(
  address: DatabaseAddress,
  work: (catalog: Collection<RecordedArchive>) => Promise<T>,
): Promise<T> {
  const client: MongoClient = await connect(address, "backup", { appName: "dnd-backup" });
  try {
    return await work(client.db(opsDatabaseName(address.name)).collection<RecordedArchive>("archives"));
  } finally {
    await client.close();
  }
}
