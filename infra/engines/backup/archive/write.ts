import type { ByteSink } from "./byte-sink";
import {
  encodeNamespace,
  encodePrelude,
  terminator,
  type ArchiveHeader,
  type CollectionHeader,
} from "./format";
import { PlainSums, type CollectionSums, type DocumentBatch, type Summing } from "./sums";

/** What was written of one collection. */
export interface WrittenCollection extends CollectionSums {
  documents: number;
  bytes: number;
}

/** Writes an archive from its header to its last collection; several collections may be written at the same time. */
export class ArchiveWriter {
  #turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly out: ByteSink,
    /** How many collections are written at the same time, at most; whoever restores them must take as many. */
    private readonly atOnce = 1,
    private readonly summing: () => Summing = () => new PlainSums(),
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
    const sums = this.summing();
    const written = { documents: 0, bytes: 0 };
    const write = async ({ bytes, documents }: DocumentBatch) => {
      await this.#block({ ...namespace, EOF: false, CRC: 0n }, bytes);
      written.documents += documents;
      written.bytes += bytes.length;
      told(bytes.length);
    };
    let before: Promise<void> = Promise.resolve();
    for await (const batch of batches) {
      const summed = sums.add(batch);
      // Whoever awaits it hears of a failure; until then it must not count as one that nobody handles.
      summed.catch(() => undefined);
      await before;
      before = summed.then(write);
      before.catch(() => undefined);
    }
    await before;
    const { crc64, digest } = await sums.finish();
    await this.#block({ ...namespace, EOF: true, CRC: crc64 });
    return { ...written, crc64, digest };
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
