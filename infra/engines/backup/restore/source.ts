import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { openStore } from "../../../drivers/store";
import { ArchiveReader, decompressed, type ArchivePiece } from "../archive";
import { loadManifest, type StorePlace } from "../catalog";
import { decrypted, type DecryptionKeys } from "../encryption";
import { archiveFailure, ArchiveMissingError } from "../errors";
import type { Manifest } from "../manifest";
import { parseManifest } from "../parsed-manifest";
import { comparedPieces, verifiedPieces } from "../verify";

/** Where an archive comes from: a store, a file (its manifest beside it, or none), or bytes such as standard input. */
export type ArchiveSource =
  { store: StorePlace; id: string } | { path: string } | { bytes: AsyncIterable<Uint8Array> };

/** An archive that is open; its pieces are only right once all of them came. */
export interface OpenArchive {
  name: string;
  /** Without one an archive is held against its own checksums. */
  manifest: Manifest | undefined;
  /** Whether it may be read a second time. */
  repeatable: boolean;
  pieces(signal?: AbortSignal): AsyncGenerator<ArchivePiece, undefined>;
}

/** Opens an archive; nothing of its documents is read yet. */
export async function openArchive(
  source: ArchiveSource,
  keys?: DecryptionKeys,
  signal?: AbortSignal,
): Promise<OpenArchive> {
  if ("id" in source) {
    const store = openStore(source.store, signal);
    const manifest = await loadManifest(store, source.id);
    const pieces = (signal?: AbortSignal) => verifiedPieces(store, manifest, signal, keys);
    return { name: manifest.id, manifest, repeatable: true, pieces };
  }
  if ("bytes" in source) return foreign("from standard input", () => source.bytes, undefined, false, keys);
  const manifest = await manifestBeside(source.path);
  const name = manifest?.id ?? basename(source.path);
  return foreign(name, () => createReadStream(source.path), manifest, true, keys);
}

function foreign(
  name: string,
  open: () => AsyncIterable<Uint8Array>,
  manifest: Manifest | undefined,
  repeatable: boolean,
  keys: DecryptionKeys | undefined,
): OpenArchive {
  async function* pieces(signal?: AbortSignal): AsyncGenerator<ArchivePiece, undefined> {
    try {
      const reader = new ArchiveReader(open(), (bytes) => decompressed(decrypted(bytes, keys)));
      return yield* comparedPieces(reader, manifest, signal);
    } catch (error) {
      throw readingFailure(error, name);
    }
  }
  return { name, manifest, repeatable, pieces };
}

/** Our own archives lie beside their manifests; another file of that name is none. */
async function manifestBeside(path: string): Promise<Manifest | undefined> {
  const beside = path.replace(/\.archive(\.gz|\.zst)?(\.age)?$/, ".json");
  if (beside === path) return undefined;
  const text = await readFile(beside, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  return parseManifest(basename(path), text);
}

function readingFailure(failed: unknown, name: string): unknown {
  const error = archiveFailure(failed, name);
  const { code, path } = error as NodeJS.ErrnoException;
  return code === "ENOENT" && path !== undefined ? new ArchiveMissingError(name, path) : error;
}
