import { ContentDigest } from "./content-digest";
import { Crc64 } from "./crc64";

/** Whole documents, one after the other, and how many they are. */
export interface DocumentBatch {
  bytes: Buffer;
  documents: number;
}

/** What the documents of a collection come to. */
export interface CollectionSums {
  crc64: bigint;
  digest: string;
}

/** Sums up the documents of one collection, batch after batch. */
export interface Summing {
  /** Gives back the batch to go on with: it may be elsewhere in memory now. */
  add(batch: DocumentBatch): Promise<DocumentBatch>;
  finish(): Promise<CollectionSums>;
}

/** Sums of the documents as they pass, in this thread. */
export class PlainSums implements Summing {
  readonly #crc = new Crc64();
  readonly #digest = new ContentDigest();

  async add(batch: DocumentBatch): Promise<DocumentBatch> {
    this.take(batch.bytes);
    return batch;
  }

  take(bytes: Uint8Array): void {
    this.#crc.update(bytes);
    this.#digest.add(bytes);
  }

  async finish(): Promise<CollectionSums> {
    return this.sums();
  }

  sums(): CollectionSums {
    return { crc64: this.#crc.value, digest: this.#digest.value() };
  }
}
