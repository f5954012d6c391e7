import { ArchiveDamage } from "../archive";
import { EncryptionNewerError } from "./errors";

const family = "age-encryption.org/";
const version = "age-encryption.org/v1\n";
/** A header for a hundred readers takes a tenth of it. */
const longestHeader = 256 * 1024;

/** The bytes of an archive, read from the front piece by piece. */
export class BytesAhead {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** At least so many bytes without taking them, fewer only at the end. */
  async peek(count: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [this.#held];
    let length = this.#held.length;
    while (length < count) {
      const next = await this.#source.next();
      if (next.done) break;
      pieces.push(next.value);
      length += next.value.length;
    }
    if (pieces.length > 1) this.#held = Buffer.concat(pieces, length);
    return this.#held;
  }

  take(count: number): Buffer {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  /** What was not taken, and everything after it. */
  async *rest(): AsyncGenerator<Uint8Array> {
    if (this.#held.length > 0) yield this.take(this.#held.length);
    for (;;) {
      const next = await this.#source.next();
      if (next.done) return;
      yield next.value;
    }
  }

  /** Lets the source close what it opened. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

/** The header of an encrypted archive, or undefined for one that is not encrypted. */
export async function takeHeader(ahead: BytesAhead): Promise<Buffer | undefined> {
  const start = (await ahead.peek(version.length)).toString("latin1", 0, version.length);
  if (!start.startsWith(family)) return undefined;
  if (start !== version) {
    if (/^v\d+$/m.test(start.slice(family.length))) throw new EncryptionNewerError(start.trim());
    throw new ArchiveDamage("the header of its encryption cannot be read");
  }
  for (let looked = version.length; ;) {
    const seen = await ahead.peek(looked + 1);
    const seal = seen.indexOf("\n--- ", Math.max(0, looked - 200));
    const end = seal < 0 ? -1 : seen.indexOf("\n", seal + 1);
    if (end >= 0) return Buffer.from(ahead.take(end + 1));
    if (seen.length <= looked || seen.length > longestHeader)
      throw new ArchiveDamage("the header of its encryption has no end");
    looked = seen.length;
  }
}
