import type { ArchiveStore } from "../../drivers/store";
import { readManifest } from "./catalog";
import { ArchiveDamagedError, ArchiveMissingError } from "./errors";
import { archiveName, type Manifest } from "./manifest";
import { ArchiveReader, type ArchivePiece } from "./read-archive";

/** Reads a whole archive and holds everything that it says against what is there; throws at the first difference. */
export async function verifyArchive(store: ArchiveStore, database: string, id: string): Promise<Manifest> {
  const manifest = await readManifest(store, database, id);
  if (!manifest) throw new ArchiveMissingError(id, store.location);
  for await (const piece of verifiedPieces(store, manifest)) void piece;
  return manifest;
}

/** The pieces of an archive; after the last one everything was compared, and before that nothing may be trusted. */
export async function* verifiedPieces(store: ArchiveStore, manifest: Manifest): AsyncGenerator<ArchivePiece> {
  const name = archiveName(manifest);
  const reader = new ArchiveReader(name, await store.read(name));
  const expected = new Map(
    manifest.collections.filter((one) => one.type !== "view").map((one) => [sourceOf(one), one]),
  );
  for await (const piece of reader.pieces()) {
    if (piece.kind === "end") {
      const one = expected.get(piece.collection);
      if (!one) throw new ArchiveDamagedError(name, `its manifest knows no ${piece.collection}`);
      if (one.documents !== piece.documents || one.crc64 !== piece.crc64.toString()) {
        throw new ArchiveDamagedError(name, `${piece.collection} is not what its manifest says`);
      }
      expected.delete(piece.collection);
    }
    yield piece;
  }
  const [missing] = expected.keys();
  if (missing !== undefined) throw new ArchiveDamagedError(name, `${missing} is missing`);
  const { sha256, bytes } = reader.file;
  if (sha256 !== manifest.sha256 || bytes !== manifest.bytes)
    throw new ArchiveDamagedError(name, "its SHA-256 is not what its manifest says");
}

function sourceOf(one: Manifest["collections"][number]): string {
  return one.type === "timeseries" ? `system.buckets.${one.name}` : one.name;
}
