import type { Collection } from "mongodb";
import { atDatabase, type DatabaseAddress } from "../../drivers/mongo";
import type { ArchiveFilter } from "./catalog";
import type { ArchiveCopy } from "./copies/copy-archives";
import type { ArchiveSummary } from "./manifest";
import type { ArchiveVerification } from "./marks";

/** An archive as the operations' own database remembers it, apart from the store. */
export interface RecordedArchive extends Omit<ArchiveSummary, "id" | "verified"> {
  _id: string;
  documentVersion: 1;
  recordedAt: Date;
  /** How the copying into each further store went when it was last tried. */
  copies?: RecordedCopy[];
  /** What those found who looked at it later, the oldest first. */
  verifications?: ArchiveVerification[];
}

export type RecordedCopy = Omit<ArchiveCopy, "id">;

/** Remembers an archive in `<database>_ops`: whoever loses the store still knows what was there. */
export function recordArchive(address: DatabaseAddress, archive: ArchiveSummary): Promise<void> {
  return withCatalog(address, async (catalog) => {
    const { id, verified: _verified, ...rest } = archive;
    const recorded = { documentVersion: 1 as const, ...rest, recordedAt: new Date() };
    await catalog.updateOne({ _id: id }, { $set: recorded }, { upsert: true });
  });
}

/** Remembers what was found by those who looked at an archive later; of one that the catalog does not know nothing. */
export function recordVerifications(
  address: DatabaseAddress,
  id: string,
  verifications: readonly ArchiveVerification[],
): Promise<void> {
  return withCatalog(address, async (catalog) => {
    await catalog.updateOne({ _id: id }, { $set: { verifications: [...verifications] } });
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

/** What the catalog knows of archives of a database, in the order of their ids: such a server may refuse to scan. */
export function recordedArchives(
  address: DatabaseAddress,
  { environment }: ArchiveFilter = {},
): Promise<RecordedArchive[]> {
  const asked = { database: address.name, ...(environment !== undefined && { environment }) };
  return withCatalog(address, (catalog) => catalog.find(asked).sort({ _id: 1 }).toArray());
}

function withCatalog<T>(
  address: DatabaseAddress,
  work: (catalog: Collection<RecordedArchive>) => Promise<T>,
): Promise<T> {
  return atDatabase(address, "backup", { appName: "dnd-backup" }, ({ ops }) =>
    work(ops.collection<RecordedArchive>("archives")),
  );
}
