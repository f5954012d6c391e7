import type { ByteSink } from "./byte-sink";
import { ContentDigest } from "./content-digest";
import { Crc64 } from "./crc64";
import {
  encodeNamespace,
  encodePrelude,
  terminator,
  type ArchiveHeader,
  type CollectionHeader,
} from "./format";

/** What was written of one collection. */
export interface WrittenCollection {
  documents: number;
  bytes: number;
  crc64: bigint;
  digest: string;
}

/** Whole documents, one after the other, and how many they are. */
interface DocumentBatch {
  bytes: Buffer;
  documents: number;
}

/** Writes an archive from its header to its last collection; several collections may be written at the same time. */
export class ArchiveWriter {
  #turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly out: ByteSink,
    /** How many collections are written at the same time, at most; whoever restores them must take as many. */
    private readonly atOnce = 1,
  ) {}

  begin(header: Omit<ArchiveHeader, "atOnce">, collections: readonly CollectionHeader[]): Promise<void> {
    return this.out.write(encodePrelude({ ...header, atOnce: this.atOnce }, collections));
  }

  /** The documents of a collection, and its checksums; its blocks stand between those of others. */
  async collection(
    namespace: { db: string; collection: string },
    batches: AsyncIterable<DocumentBatch>,
    told: (bytes: number) => void,
  ): Promise<WrittenCollection> {
    const crc = new Crc64();
    const digest = new ContentDigest();
    const written = { documents: 0, bytes: 0 };
    for await (const batch of batches) {
      crc.update(batch.bytes);
      digest.add(batch.bytes);
      written.documents += batch.documents;
      written.bytes += batch.bytes.length;
      await this.#block({ ...namespace, EOF: false, CRC: 0n }, batch.bytes);
      told(batch.bytes.length);
    }
    await this.#block({ ...namespace, EOF: true, CRC: crc.value });
    return { ...written, crc64: crc.value, digest: digest.value() };
  }

  async end(): Promise<void> {
    await this.#turn;
    await this.out.end();
  }

  /** One block at a time, whole: nothing of another collection may stand inside it. */
  #block(header: Parameters<typeof encodeNamespace>[0], documents?: Buffer): Promise<void> {
    const written = this.#turn.then(async () => {
      await this.out.write(encodeNamespace(header));
      if (documents) await this.out.write(documents);
      await this.out.write(terminator);
    });
    // Whoever waits for its turn must not fail by the failure of another; the one that failed throws it.
    this.#turn = written.catch(() => undefined);
    return written;
  }
}
