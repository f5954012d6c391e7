import { createHash } from "node:crypto";
import type { PendingObject } from "../../drivers/store";
import type { ByteSink } from "./archive";

/** An object on its way into a store that knows the SHA-256 of what was written: the last stage of all. */
export class HashedObject implements ByteSink {
  readonly #hash = createHash("sha256");
  #bytes = 0;

  constructor(private readonly pending: PendingObject) {}

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.pending.write(bytes);
  }

  /** It is committed by whoever made it, and not before all went well. */
  async end(): Promise<void> {}

  async commit(): Promise<{ sha256: string; bytes: number }> {
    await this.pending.commit();
    return { sha256: this.#hash.digest("hex"), bytes: this.#bytes };
  }

  abandon(): Promise<void> {
    return this.pending.abandon();
  }
}
