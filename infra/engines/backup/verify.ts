import { openStore, type ArchiveStore } from "../../drivers/store";
import { OperatorError, silent, type Progress } from "../../support";
import {
  ArchiveDamage,
  ArchiveReader,
  ContentDigest,
  dataNameOf,
  decompressed,
  type ArchivePiece,
  type CollectionHeader,
} from "./archive";
import { decrypted, type DecryptionKeys } from "./encryption";
import { ByteProgress } from "./byte-progress";
import { loadManifest, type StorePlace } from "./catalog";
import { archiveFailure, ArchiveMissingError } from "./errors";
import { summaryOf, type ArchiveSummary, type Manifest } from "./manifest";
import { archiveName } from "./names";

export interface ReadOptions {
  /** What opens an encrypted archive. */
  keys?: DecryptionKeys | undefined;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

/** Reads a whole archive and holds everything that its manifest says against what is there; throws at the first difference. */
export async function verifyArchive(
  place: StorePlace,
  id: string,
  options: ReadOptions = {},
): Promise<ArchiveSummary> {
  const store = openStore(place, options.signal);
  const manifest = await loadManifest(store, id);
  await checkArchive(store, manifest, options);
  return summaryOf(manifest, store);
}

/** The same with a manifest that is at hand, as a backup has it before it publishes one. */
export async function checkArchive(
  store: ArchiveStore,
  manifest: Manifest,
  { progress = silent, signal, keys }: ReadOptions = {},
): Promise<void> {
  const total = manifest.collections.reduce((sum, one) => sum + one.bytes, 0);
  const told = new ByteProgress(progress, "verifying", total);
  told.at(manifest.id);
  for await (const piece of verifiedPieces(store, manifest, signal, keys))
    if (piece.kind === "documents") told.add(piece.bytes.length);
}

/** The pieces of an archive; after the last one everything was compared, and before that nothing may be trusted. */
export async function* verifiedPieces(
  store: ArchiveStore,
  manifest: Manifest,
  signal?: AbortSignal,
  keys?: DecryptionKeys,
): AsyncGenerator<ArchivePiece, undefined> {
  try {
    const stored = await store.read(archiveName(manifest));
    const reader = new ArchiveReader(stored, (bytes) => decompressed(decrypted(bytes, keys)));
    return yield* comparedPieces(reader, manifest, signal);
  } catch (error) {
    throw storedFailure(error, store, manifest.id);
  }
}

/** The same of an archive that comes from anywhere; without a manifest it has only its own checksums. */
export async function* comparedPieces(
  reader: ArchiveReader,
  manifest: Manifest | undefined,
  signal?: AbortSignal,
): AsyncGenerator<ArchivePiece, undefined> {
  const comparison = manifest && new Comparison(manifest);
  for await (const piece of reader.pieces()) {
    signal?.throwIfAborted();
    comparison?.hold(piece);
    yield piece;
  }
  comparison?.finish(reader.file);
  return undefined;
}

/** A manifest's words on each collection, until the archive has borne them out. */
class Comparison {
  readonly #open: Map<string, Manifest["collections"][number]>;
  readonly #digests = new Map<string, ContentDigest>();

  constructor(private readonly manifest: Manifest) {
    this.#open = new Map(manifest.collections.map((one) => [dataNameOf(one) ?? one.name, one]));
  }

  hold(piece: ArchivePiece): void {
    if (piece.kind === "collections") this.#holdList(piece.collections);
    if (piece.kind === "documents") this.#digestOf(piece.collection).add(piece.bytes);
    if (piece.kind !== "end") return;
    const told = this.#open.get(piece.collection);
    if (!told) throw new ArchiveDamage(`its manifest knows no ${piece.collection}`);
    const same =
      told.documents === piece.documents && told.bytes === piece.bytes && told.crc64 === String(piece.crc64);
    if (!same || told.digest !== this.#digestOf(piece.collection).value())
      throw new ArchiveDamage(`${piece.collection} is not what its manifest says`);
    this.#open.delete(piece.collection);
  }

  finish({ sha256, bytes }: { sha256: string; bytes: number }): void {
    const [missing] = this.#open.keys();
    if (missing !== undefined) throw new ArchiveDamage(`${missing} is missing`);
    if (sha256 !== this.manifest.sha256 || bytes !== this.manifest.bytes)
      throw new ArchiveDamage("its SHA-256 is not what its manifest says");
    const documents = this.manifest.collections.reduce((sum, one) => sum + one.documents, 0);
    if (documents !== this.manifest.documents)
      throw new ArchiveDamage("its manifest does not count its documents rightly");
  }

  #digestOf(collection: string): ContentDigest {
    const digest = this.#digests.get(collection) ?? new ContentDigest();
    this.#digests.set(collection, digest);
    return digest;
  }

  #holdList(collections: readonly CollectionHeader[]): void {
    const names = (list: readonly string[]) => [...list].sort().join("\n");
    const found = names(collections.map((one) => `${one.db}.${one.collection} ${one.type}`));
    const { database } = this.manifest;
    const told = names(this.manifest.collections.map((one) => `${database}.${one.name} ${one.type}`));
    if (found !== told) throw new ArchiveDamage("its list of collections is not that of its manifest");
  }
}

function storedFailure(error: unknown, store: ArchiveStore, id: string): unknown {
  const isMissing = error instanceof OperatorError && error.code === "store-object-missing";
  return isMissing ? new ArchiveMissingError(id, store.location) : archiveFailure(error, id);
}
