import { openStore, type ArchiveStore } from "../../drivers/store";
import { OperatorError, silent, type Progress } from "../../support";
import { ArchiveDamage } from "./archive";
import { ByteProgress } from "./byte-progress";
import { loadManifest, type StorePlace } from "./catalog";
import { encryptionOf, rekeyed, type DecryptionKeys, type EncryptionWanted } from "./encryption";
import { archiveFailure } from "./errors";
import { HashedBytes } from "./hashed-bytes";
import { claimArchive } from "./leftovers";
import { summaryOf, type ArchiveSummary, type Manifest } from "./manifest";
import { archiveName, claimName } from "./names";
import { lockArchive, metadataOf } from "./publish";
import { announceRekey, completeRekey, finishRekey } from "./rekey-journal";

export interface RekeyWanted {
  store: StorePlace;
  id: string;
  /** What opens it now. */
  keys: DecryptionKeys;
  /** What will open it, and nothing else. */
  encryption: EncryptionWanted;
  /** The store for the archive with the new header; in place of the old one unless said otherwise. */
  to?: StorePlace | undefined;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

/** Gives an archive to other readers: a new header before the same encrypted data. */
export async function rekeyArchive(wanted: RekeyWanted): Promise<ArchiveSummary> {
  const from = openStore(wanted.store, wanted.signal);
  const to = openStore(wanted.to ?? from, wanted.signal);
  await finishRekey(from, wanted.id);
  if (to !== from) await finishRekey(to, wanted.id);
  const manifest = await loadManifest(from, wanted.id);
  if (!manifest.encryption) throw notEncrypted(manifest.id);
  const encryption = await encryptionOf(wanted.encryption);
  await claimArchive(to, manifest);
  try {
    const written = await writeAgain(from, to, { ...manifest, encryption }, wanted);
    return summaryOf(written, to);
  } catch (error) {
    throw archiveFailure(error, manifest.id);
  } finally {
    await to.delete(claimName(manifest)).catch(() => undefined);
  }
}

/** Nothing of the old archive is touched before the new one is written whole, from a source that was found unchanged. */
async function writeAgain(
  from: ArchiveStore,
  to: ArchiveStore,
  manifest: Manifest,
  { keys, encryption, progress = silent, signal }: RekeyWanted,
): Promise<Manifest> {
  const told = new ByteProgress(progress, "writing again", manifest.bytes);
  told.at(manifest.id);
  const pending = await to.create(archiveName(manifest), {
    metadata: metadataOf(manifest),
    bytes: manifest.bytes,
  });
  try {
    const source = new HashedBytes(await from.read(archiveName(manifest)));
    const result = new HashedBytes(rekeyed(source, keys, encryption));
    for await (const bytes of result) {
      signal?.throwIfAborted();
      told.add(bytes.length);
      await pending.write(bytes);
    }
    if (source.bytes !== manifest.bytes || source.sha256() !== manifest.sha256)
      throw new ArchiveDamage("its SHA-256 is not what its manifest says");
    const written = { ...manifest, bytes: result.bytes, sha256: result.sha256() };
    await announceRekey(to, written);
    await pending.commit();
    await completeRekey(to, written);
    await lockArchive(to, written).then((unlocked) => unlocked && progress(`not locked: ${unlocked}`));
    return written;
  } finally {
    // After a commit it does nothing.
    await pending.abandon();
  }
}

function notEncrypted(id: string): OperatorError {
  return new OperatorError({
    code: "rekey-not-encrypted",
    kind: "refused",
    message: `the archive ${id} is not encrypted: there is no key to give to others`,
    remedy: "Name the readers of archives in backup.recipients and take a new one.",
  });
}
