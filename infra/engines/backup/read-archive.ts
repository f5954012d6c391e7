import { createHash } from "node:crypto";
import { createGunzip } from "node:zlib";
import type { Readable } from "node:stream";
import {
  decodeCollection,
  decodeNamespace,
  formatVersion,
  magic,
  type CollectionHeader,
} from "./archive-format";
import { Crc64 } from "./crc64";
import { ArchiveDamagedError } from "./errors";
import { BSON } from "mongodb";

/** What stands in an archive, piece after piece. */
export type ArchivePiece =
  | { kind: "collections"; collections: CollectionHeader[] }
  | { kind: "document"; collection: string; bytes: Buffer }
  | { kind: "end"; collection: string; documents: number; crc64: bigint };

const largestDocument = 48 * 1024 * 1024;

/** Reads an archive from its compressed bytes and holds every collection against its checksum. */
export class ArchiveReader {
  readonly #hash = createHash("sha256");
  #bytes = 0;
  #buffer: Buffer = Buffer.alloc(0);
  readonly #source: AsyncIterator<Buffer>;

  constructor(
    private readonly name: string,
    packed: Readable,
  ) {
    packed.on("data", (chunk: Buffer) => {
      this.#hash.update(chunk);
      this.#bytes += chunk.length;
    });
    const plain = createGunzip();
    packed.once("error", (error) => plain.destroy(error));
    packed.pipe(plain);
    this.#source = plain[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Of the compressed file, once everything was read. */
  get file(): { sha256: string; bytes: number } {
    return { sha256: this.#hash.copy().digest("hex"), bytes: this.#bytes };
  }

  async *pieces(): AsyncGenerator<ArchivePiece> {
    if (!(await this.#take(4, "its first bytes")).equals(magic))
      throw this.#damaged("it does not begin as an archive does");
    const header = BSON.deserialize(await this.#document("its header")) as { version?: string };
    if (header.version !== formatVersion) throw this.#damaged(`it is of format ${String(header.version)}`);
    yield { kind: "collections", collections: await this.#collections() };
    const sums = new Map<string, { crc: Crc64; documents: number }>();
    while (!(await this.#atEnd())) {
      const namespace = decodeNamespace(await this.#document("a block"));
      const { collection } = namespace;
      const sum = sums.get(collection) ?? { crc: new Crc64(), documents: 0 };
      sums.set(collection, sum);
      for (;;) {
        const bytes = await this.#documentOrEnd();
        if (!bytes) break;
        if (namespace.EOF) throw this.#damaged(`${collection} goes on after its end`);
        sum.crc.update(bytes);
        sum.documents++;
        yield { kind: "document", collection, bytes };
      }
      if (!namespace.EOF) continue;
      if (sum.crc.value !== namespace.CRC) throw this.#damaged(`the checksum of ${collection} is wrong`);
      yield { kind: "end", collection, documents: sum.documents, crc64: sum.crc.value };
    }
  }

  async #collections(): Promise<CollectionHeader[]> {
    const collections: CollectionHeader[] = [];
    for (;;) {
      const bytes = await this.#documentOrEnd();
      if (!bytes) return collections;
      collections.push(decodeCollection(bytes));
    }
  }

  async #document(what: string): Promise<Buffer> {
    const bytes = await this.#documentOrEnd();
    if (!bytes) throw this.#damaged(`${what} is missing`);
    return bytes;
  }

  /** Undefined at the mark that ends a list of documents. */
  async #documentOrEnd(): Promise<Buffer | undefined> {
    const length = (await this.#peek(4, "a document")).readInt32LE(0);
    if (length === -1) {
      await this.#take(4, "a mark");
      return undefined;
    }
    if (length < 5 || length > largestDocument)
      throw this.#damaged(`a document says that it has ${length} bytes`);
    const bytes = await this.#take(length, "a document");
    if (bytes.at(-1) !== 0) throw this.#damaged("a document does not end as it must");
    return bytes;
  }

  async #atEnd(): Promise<boolean> {
    if (this.#buffer.length > 0) return false;
    return !(await this.#more());
  }

  async #take(length: number, what: string): Promise<Buffer> {
    const bytes = await this.#peek(length, what);
    this.#buffer = this.#buffer.subarray(length);
    return bytes;
  }

  async #peek(length: number, what: string): Promise<Buffer> {
    while (this.#buffer.length < length)
      if (!(await this.#more())) throw this.#damaged(`it ends in the middle of ${what}`);
    return this.#buffer.subarray(0, length);
  }

  async #more(): Promise<boolean> {
    try {
      const { value, done } = await this.#source.next();
      if (done) return false;
      this.#buffer = this.#buffer.length === 0 ? value : Buffer.concat([this.#buffer, value]);
      return true;
    } catch (error) {
      throw this.#damaged((error as Error).message);
    }
  }

  #damaged(what: string): ArchiveDamagedError {
    return new ArchiveDamagedError(this.name, what);
  }
}
