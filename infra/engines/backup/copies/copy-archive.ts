import { openStore, type ArchiveStore } from "../../../drivers/store";
import { OperatorError, silent, type Progress } from "../../../support";
import { ByteProgress } from "../byte-progress";
import { findArchive, loadManifest, type StorePlace } from "../catalog";
import { ArchiveDamagedError } from "../errors";
import { HashedBytes } from "../hashed-bytes";
import { pointLatest } from "../latest";
import { claimArchive, isClaimed, sweepLeftovers } from "../leftovers";
import type { Manifest } from "../manifest";
import { holdOf, putHold } from "../marks";
import { archiveName, claimName } from "../names";
import { lockArchive, metadataOf } from "../publish";
import { announceRekey, completeRekey, finishRekey, isThere } from "../rekey-journal";

export interface CopyWanted {
  from: StorePlace;
  to: StorePlace;
  id: string;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

/** Brings an archive into another store, where it counts once every byte of it was compared; `there` where it was already. */
export async function copyArchive({ progress, signal, ...wanted }: CopyWanted): Promise<"copied" | "there"> {
  const from = openStore(wanted.from, signal);
  const to = openStore(wanted.to, signal);
  const manifest = await loadManifest(from, wanted.id);
  await refuseClaimed(to, manifest);
  await finishRekey(to, manifest.id);
  const outcome = (await isSame(to, manifest)) ? "there" : await bring(from, to, manifest, progress, signal);
  await sweepLeftovers(to, manifest.database);
  await pointLatest(to, manifest);
  const hold = await holdOf(from, manifest);
  if (hold && !(await holdOf(to, manifest))) await putHold(to, manifest, hold);
  return outcome;
}

async function isSame(to: ArchiveStore, { id, sha256 }: Manifest): Promise<boolean> {
  return (await findArchive(to, id))?.sha256 === sha256;
}

async function bring(
  from: ArchiveStore,
  to: ArchiveStore,
  manifest: Manifest,
  progress: Progress = silent,
  signal: AbortSignal | undefined,
): Promise<"copied"> {
  const wasBegun = (await to.get(claimName(manifest))) !== undefined;
  await claimArchive(to, manifest);
  try {
    // Nobody else asks for what a killed copy of the same archive left in the middle of its way.
    if (wasBegun) await to.clear?.(archiveName(manifest));
    // What a killed run sent whole is read and not sent again; only its manifest was missing.
    if (await isThere(to, manifest)) await completeRekey(to, manifest);
    else await send(from, to, manifest, progress, signal);
    const unlocked = await lockArchive(to, manifest);
    if (unlocked !== undefined) progress(`${manifest.id} is not locked in ${to.location}: ${unlocked}`);
    return "copied";
  } finally {
    await to.delete(claimName(manifest)).catch(() => undefined);
  }
}

/** The journal makes the way from older bytes of the same archive to these one step, as it does for new readers. */
async function send(
  from: ArchiveStore,
  to: ArchiveStore,
  manifest: Manifest,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const told = new ByteProgress(progress, `copying to ${to.location}`, manifest.bytes);
  told.at(manifest.id);
  const pending = await to.create(archiveName(manifest), {
    metadata: metadataOf(manifest),
    bytes: manifest.bytes,
  });
  try {
    const source = new HashedBytes(await from.read(archiveName(manifest)));
    for await (const bytes of source) {
      signal?.throwIfAborted();
      told.add(bytes.length);
      await pending.write(bytes);
    }
    if (source.bytes !== manifest.bytes || source.sha256() !== manifest.sha256)
      throw new ArchiveDamagedError(manifest.id, "its SHA-256 is not what its manifest says");
    await announceRekey(to, manifest);
    await pending.commit();
    await completeRekey(to, manifest);
  } finally {
    // After a commit it does nothing.
    await pending.abandon();
  }
}

async function refuseClaimed(to: ArchiveStore, manifest: Manifest): Promise<void> {
  if (!(await isClaimed(to, manifest))) return;
  throw new OperatorError({
    code: "copy-claimed",
    kind: "locked",
    message: `somebody works on ${manifest.id} in ${to.location} right now`,
    remedy: "Wait for its end; `dnd backup copy` then makes what is still missing.",
  });
}
