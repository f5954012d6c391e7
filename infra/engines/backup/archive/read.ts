import { createHash } from "node:crypto";
import { BsonDamage, checkDocument } from "./bson-bytes";
import { ByteQueue } from "./byte-queue";
import { Crc64 } from "./crc64";
import { ArchiveDamage, NewerFormat } from "./damage";
import { decompressed } from "./decompressed";
import {
  dataNameOf,
  decodeCollection,
  decodeHeader,
  decodeNamespace,
  formatVersion,
  magic,
  type CollectionHeader,
} from "./format";

/** What stands in an archive, piece after piece. */
export type ArchivePiece =
  | { kind: "collections"; collections: CollectionHeader[]; serverVersion: string }
  | { kind: "documents"; db: string; collection: string; documents: number; bytes: Buffer }
  | { kind: "end"; db: string; collection: string; documents: number; bytes: number; crc64: bigint };

/** Server, shell and tools never make a larger one. */
const largestDocument = 48 * 1024 * 1024;

interface Sum {
  crc: Crc64;
  documents: number;
  bytes: number;
  ended: boolean;
}

/** Reads an archive, looks through every document and holds every collection against its checksum. */
export class ArchiveReader {
  readonly #hash = createHash("sha256");
  #bytes = 0;
  readonly #plain: ByteQueue;
  readonly #unpacked: AsyncIterator<Buffer>;

  constructor(
    stored: AsyncIterable<Uint8Array>,
    unpack: (stored: AsyncIterable<Uint8Array>) => AsyncIterable<Buffer> = decompressed,
  ) {
    this.#unpacked = unpack(this.#counted(stored))[Symbol.asyncIterator]();
    this.#plain = new ByteQueue(this.#unpacked);
  }

  /** Of the stored file, once everything was read. */
  get file(): { sha256: string; bytes: number } {
    return { sha256: this.#hash.copy().digest("hex"), bytes: this.#bytes };
  }

  /** Only after the last piece is it certain that the ones before were right. */
  async *pieces(): AsyncGenerator<ArchivePiece> {
    try {
      const { collections, serverVersion } = await this.#prelude();
      yield { kind: "collections", collections, serverVersion };
      const sums = new Map<string, Sum>();
      while (await this.#plain.has(1)) yield* this.#block(sums);
      for (const one of collections)
        if (!hasEnd(one, sums)) throw new ArchiveDamage(`${one.collection} has no end`);
    } catch (error) {
      throw readingFailure(error);
    } finally {
      await this.#unpacked.return?.();
    }
  }

  async #prelude(): Promise<{ collections: CollectionHeader[]; serverVersion: string }> {
    if (!(await this.#plain.has(magic.length)) || !this.#plain.take(magic.length).equals(magic))
      throw new ArchiveDamage("it does not begin as an archive does");
    const { version, serverVersion } = decodeHeader(await this.#document("its header"));
    if (version !== formatVersion)
      throw isNewer(version) ? new NewerFormat(version) : new ArchiveDamage(`it is of format ${version}`);
    const collections: CollectionHeader[] = [];
    while (!(await this.#atMark())) collections.push(decodeCollection(await this.#document("its list")));
    return { collections, serverVersion };
  }

  async *#block(sums: Map<string, Sum>): AsyncGenerator<ArchivePiece> {
    const { db, collection, EOF, CRC } = decodeNamespace(await this.#document("a block"));
    const namespace = `${db}.${collection}`;
    const sum = sums.get(namespace) ?? { crc: new Crc64(), documents: 0, bytes: 0, ended: false };
    sums.set(namespace, sum);
    if (sum.ended) throw new ArchiveDamage(`${collection} goes on after its end`);
    while (!(await this.#atMark())) {
      if (EOF) throw new ArchiveDamage(`${collection} goes on after its end`);
      const { bytes, documents } = await this.#documents();
      sum.crc.update(bytes);
      sum.documents += documents;
      sum.bytes += bytes.length;
      yield { kind: "documents", db, collection, documents, bytes };
    }
    if (!EOF) return;
    sum.ended = true;
    if (sum.crc.value !== CRC) throw new ArchiveDamage(`the checksum of ${collection} is wrong`);
    yield { kind: "end", db, collection, documents: sum.documents, bytes: sum.bytes, crc64: CRC };
  }

  /** The documents that are there without waiting, and at least one. */
  async #documents(): Promise<{ bytes: Buffer; documents: number }> {
    await this.#needs(this.#nextLength(), "a document");
    const { front } = this.#plain;
    let end = 0;
    let documents = 0;
    while (end + 4 <= front.length) {
      const next = end + front.readInt32LE(end);
      if (next < end || next > front.length) break;
      end = checkDocument(front, end, front.length);
      documents++;
    }
    return { bytes: this.#plain.take(end), documents };
  }

  async #document(what: string): Promise<Buffer> {
    await this.#needs(4, what);
    const length = this.#nextLength();
    await this.#needs(length, what);
    checkDocument(this.#plain.front, 0, length);
    return this.#plain.take(length);
  }

  #nextLength(): number {
    const length = this.#plain.front.readInt32LE(0);
    if (length < 5 || length > largestDocument)
      throw new ArchiveDamage(`a document says that it has ${length} bytes`);
    return length;
  }

  /** Steps over the mark that ends a list of documents. */
  async #atMark(): Promise<boolean> {
    await this.#needs(4, "a document");
    if (this.#plain.front.readInt32LE(0) !== -1) return false;
    this.#plain.take(4);
    return true;
  }

  async #needs(length: number, what: string): Promise<void> {
    if (!(await this.#plain.has(length))) throw new ArchiveDamage(`it ends in the middle of ${what}`);
  }

  async *#counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.#hash.update(chunk);
      this.#bytes += chunk.length;
      yield chunk;
    }
  }
}

function isNewer(version: string): boolean {
  const [theirs, ours] = [version, formatVersion].map((one) => one.split(".").map(Number));
  const major = (theirs?.[0] ?? 0) - (ours?.[0] ?? 0);
  return major > 0 || (major === 0 && (theirs?.[1] ?? 0) > (ours?.[1] ?? 0));
}

/** Newer servers keep a time series under its own name. */
function hasEnd({ db, collection, type }: CollectionHeader, sums: Map<string, Sum>): boolean {
  if (type === "view") return true;
  const name = dataNameOf({ name: collection, type }) ?? collection;
  return (sums.get(`${db}.${name}`) ?? sums.get(`${db}.${collection}`))?.ended ?? false;
}

/** What zlib and BSON refuse is damage; what the store or the operator does is not. */
function readingFailure(error: unknown): unknown {
  const { name, code, message } = error as NodeJS.ErrnoException;
  const isDamage = error instanceof BsonDamage || name.startsWith("BSON") || code?.startsWith("Z_");
  return isDamage ? new ArchiveDamage(message, { cause: error }) : error;
}
