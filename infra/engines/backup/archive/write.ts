import { Crc64 } from "./crc64";
import {
  encodeNamespace,
  encodePrelude,
  terminator,
  type ArchiveHeader,
  type CollectionHeader,
} from "./format";
import { GzipBlocks } from "./gzip-blocks";

/** What was written of one collection. */
export interface WrittenCollection {
  documents: number;
  bytes: number;
  crc64: bigint;
}

/** Writes an archive, compressed, from its header to its last collection. */
export class ArchiveWriter {
  readonly #gzip: GzipBlocks;

  constructor(out: (bytes: Uint8Array) => Promise<void>) {
    this.#gzip = new GzipBlocks(out);
  }

  begin(header: ArchiveHeader, collections: readonly CollectionHeader[]): Promise<void> {
    return this.#gzip.write(encodePrelude(header, collections));
  }

  /** The documents of a collection, in batches of whole documents, and its checksum. */
  async collection(
    namespace: { db: string; collection: string },
    batches: AsyncIterable<{ bytes: Buffer; documents: number }>,
    told: (bytes: number) => void,
  ): Promise<WrittenCollection> {
    const crc = new Crc64();
    const written = { documents: 0, bytes: 0 };
    for await (const batch of batches) {
      crc.update(batch.bytes);
      written.documents += batch.documents;
      written.bytes += batch.bytes.length;
      await this.#block({ ...namespace, EOF: false, CRC: 0n }, batch.bytes);
      told(batch.bytes.length);
    }
    await this.#block({ ...namespace, EOF: true, CRC: crc.value });
    return { ...written, crc64: crc.value };
  }

  end(): Promise<void> {
    return this.#gzip.end();
  }

  async #block(header: Parameters<typeof encodeNamespace>[0], documents?: Buffer): Promise<void> {
    await this.#gzip.write(encodeNamespace(header));
    if (documents) await this.#gzip.write(documents);
    await this.#gzip.write(terminator);
  }
}
