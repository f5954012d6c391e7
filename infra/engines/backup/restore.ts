import { connect, type DatabaseAddress } from "../../drivers/mongo";
import { silent, type Progress } from "../../support";
import type { StorePlace } from "./catalog";
import { restoreFailure } from "./server-failures";
import type { DecryptionKeys, EncryptionWanted } from "./encryption";
import type { AnonymiseRules } from "./restore/anonymise";
import { restoreInto } from "./restore/into-database";
import type { RestoredLogins } from "./restore/logins";
import { RestoreJournal } from "./restore/journal";
import type { NamespaceWanted } from "./restore/namespaces";
import { recover, refuseHalf } from "./restore/recover";
import { throughShortLivedBytes } from "./short-lived-bytes";
import { openArchive, type ArchiveSource } from "./restore/source";

/** What is restored, where to, and how carefully. */
export type RestoreWanted = ArchiveSource & {
  to: DatabaseAddress;
  /** What opens an encrypted archive. */
  keys?: DecryptionKeys | undefined;
  /** Some collections only, or under other names; without it all of the archive's. */
  namespaces?: NamespaceWanted | undefined;
  /** What stands there gives way: afterwards the database is as the archive. With `namespaces`, only collections of the same names do. */
  drop?: boolean;
  /** Reads and checks everything, says what would be done, and writes nothing. */
  dryRun?: boolean;
  /** Those that the archive holds of its database come back too. */
  usersAndRoles?: boolean | undefined;
  /** Why an archive of a newer server may go into an older one. */
  allowOlder?: string | undefined;
  /** What must not be in the copy. */
  anonymise?: AnonymiseRules | undefined;
  /** Reads again what was written and compares it, before the switch; where something is replaced unless said otherwise. */
  compare?: boolean | undefined;
  /** Where a safety archive goes before a restore in place; it is in place where there is no room for both. */
  safetyStore?: StorePlace | undefined;
  /** For whom the safety archive is encrypted, and the release that takes it; for nobody and none unless said. */
  safetyEncryption?: EncryptionWanted | undefined;
  safetyRelease?: number | undefined;
  /** Although there was room for both. */
  inPlace?: boolean | undefined;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
};

/** What a restore did, or would do. */
export interface Restored {
  /** Of the archive, in the collections that are wanted. */
  documents: number;
  /** What the archive puts there. */
  collections: string[];
  /** What stood there and gave way, or would. */
  dropped: string[];
  written: boolean;
  /** Whether the old collections are kept until `confirmRestore` or `undoRestore`. */
  undoable: boolean;
  /** The archive that was taken before a restore in place. */
  safetyArchive: string | null;
  /** Null where the archive holds none. */
  usersAndRoles: RestoredLogins | null;
}

/** Puts an archive into a database: beside what stands there until all of it is whole, then in its place. */
export async function restoreArchive(wanted: RestoreWanted): Promise<Restored> {
  const { to, signal, progress = silent, drop = false, dryRun = false, namespaces } = wanted;
  const archive = await openArchive(wanted, wanted.keys, signal);
  const client = await connect(to, "migration", { signal, appName: "dnd-restore" });
  const db = client.db(to.name);
  const journal = new RestoreJournal(db);
  try {
    const run = { db, journal, progress };
    const half = dryRun ? [] : await recover(run);
    if (!drop || namespaces !== undefined) refuseHalf(to.name, half);
    return await throughShortLivedBytes(() => restoreInto({ ...run, half }, archive, wanted));
  } catch (error) {
    if (!dryRun) await journal.release();
    throw restoreFailure(error, to.name);
  } finally {
    await client.close();
  }
}
