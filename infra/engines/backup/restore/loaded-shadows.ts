import type { Db } from "mongodb";
import { openDirect } from "../../../drivers/mongo";
import { shadowName } from "../../../support";
import { ContentDigest } from "../archive";
import { insertRaw } from "../raw-insert";
import { rawBatches, type RawBatch } from "../raw-batches";
import { createCollection, createIndexes, isCapped } from "./definitions";
import { RestoreUnequalError } from "./errors";
import type { Placement } from "./namespaces";

const batchBytes = 4 * 1024 * 1024;
const batchDocuments = 50_000;
/** More gained nothing: the server has as many cores as we have. */
const atOnce = 2;
/** To log in takes longer than the driver needs for less. */
const worthItsOwn = 16 * 1024 * 1024;

/** Documents of one collection on their way into its shadow, in large pieces. */
export class LoadedShadow {
  readonly name: string;
  readonly #digest = new ContentDigest();
  readonly #lanes: number;
  #batches: RawBatch[] = [];
  #bytes = 0;
  #waiting = 0;
  #sent = 0;
  #sentBytes = 0;
  #onTheWay: Promise<void>[] = [];

  constructor(
    private readonly db: Db,
    id: string,
    readonly placement: Placement,
    private readonly compare: boolean,
  ) {
    this.name = shadowName(id, placement.name);
    this.#lanes = isCapped(placement.metadata) ? 1 : atOnce;
  }

  /** What is rebuilt at the switch waits in a plain collection. */
  get #isRebuilt(): boolean {
    return this.placement.type === "timeseries" || this.placement.name.startsWith("system.");
  }

  get documents(): number {
    return this.#sent;
  }

  async create(): Promise<void> {
    if (this.#isRebuilt) await this.db.createCollection(this.name);
    else await createCollection(this.db, this.name, this.placement.metadata);
  }

  async add(batch: RawBatch): Promise<void> {
    if (this.#bytes + batch.bytes.length > batchBytes || this.#waiting + batch.documents > batchDocuments)
      await this.#send();
    this.#batches.push(batch);
    this.#bytes += batch.bytes.length;
    this.#waiting += batch.documents;
  }

  async flush(): Promise<void> {
    await this.#send();
    await Promise.all(this.#onTheWay);
  }

  /** Waits for what is on its way, however it ends, and sends nothing more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#onTheWay);
  }

  async buildIndexes(): Promise<void> {
    if (!this.#isRebuilt) await createIndexes(this.db, this.name, this.placement.metadata);
  }

  /** Counts what the server has, and where it matters reads all of it again. */
  async check(): Promise<void> {
    const found = this.compare ? await this.#readAgain() : await this.#counted();
    if (found !== this.#sent) throw this.#unequal(`${found} documents instead of ${this.#sent}`);
  }

  /** What the server knows without counting is right unless it crashed; before it is held against a restore, it counts. */
  async #counted(): Promise<number> {
    const collection = this.db.collection(this.name);
    const known = await collection.estimatedDocumentCount();
    return known === this.#sent ? known : collection.countDocuments();
  }

  async #readAgain(): Promise<number> {
    const digest = new ContentDigest();
    let found = 0;
    const session = this.db.client.startSession({ causalConsistency: false });
    const direct = this.#sentBytes < worthItsOwn ? undefined : await openDirect(this.db.client);
    try {
      const find = { find: this.name, sort: { $natural: 1 } };
      for await (const { bytes, documents } of rawBatches({ db: this.db, session, direct }, find)) {
        digest.add(bytes);
        found += documents;
      }
    } finally {
      direct?.close();
      await session.endSession();
    }
    if (found === this.#sent && digest.value() !== this.#digest.value())
      throw this.#unequal("its documents have another digest");
    return found;
  }

  /** Some batches are on their way while the next one is read. */
  async #send(): Promise<void> {
    if (this.#batches.length === 0) return;
    const batches = this.#batches;
    this.#batches = [];
    this.#sent += this.#waiting;
    this.#sentBytes += this.#bytes;
    this.#bytes = this.#waiting = 0;
    if (this.#onTheWay.length >= this.#lanes) await this.#onTheWay.shift();
    const sent = insertRaw(this.db, this.name, batches);
    // Whoever awaits it hears of a failure; until then it must not count as one that nobody handles.
    sent.catch(() => undefined);
    this.#onTheWay.push(sent);
    if (this.compare) for (const { bytes } of batches) this.#digest.add(bytes);
  }

  #unequal(what: string): RestoreUnequalError {
    return new RestoreUnequalError(this.db.databaseName, this.placement.name, what);
  }
}
