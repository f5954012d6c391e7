import type { Db } from "mongodb";
import { fromExtendedJson, type CollectionHeader } from "./archive";
import { insertRaw } from "./raw-insert";
import type { RawBatch } from "./raw-batches";

type Fields = Map<string, unknown>;

const batchBytes = 4 * 1024 * 1024;
const batchDocuments = 50_000;

/** The collections of an archive as they come to be again in a database. */
export class RestoredCollections {
  #batches: RawBatch[] = [];
  #bytes = 0;
  #documents = 0;
  #collection = "";
  #onTheWay: Promise<void> = Promise.resolve();

  constructor(private readonly db: Db) {}

  /** With all their options, and empty. */
  async create(headers: readonly CollectionHeader[]): Promise<void> {
    for (const header of headers) {
      // The server makes its own collections by itself.
      if (header.collection.startsWith("system.")) continue;
      const { options } = metadataOf(header);
      await this.db.command({ create: header.collection, ...Object.fromEntries(options) });
    }
  }

  /** Documents of one collection; they are there after the next `flush` at the latest. */
  async add(collection: string, batch: RawBatch): Promise<void> {
    const full =
      this.#bytes + batch.bytes.length > batchBytes || this.#documents + batch.documents > batchDocuments;
    if (full || collection !== this.#collection) await this.#send();
    this.#collection = collection;
    this.#batches.push(batch);
    this.#bytes += batch.bytes.length;
    this.#documents += batch.documents;
  }

  async flush(): Promise<void> {
    await this.#send();
    await this.#onTheWay;
  }

  /** One batch is on its way while the next one is read. */
  async #send(): Promise<void> {
    const batches = this.#batches;
    this.#batches = [];
    this.#bytes = 0;
    this.#documents = 0;
    await this.#onTheWay;
    if (batches.length === 0) return;
    this.#onTheWay = insertRaw(this.db, this.#collection, batches);
    // Whoever awaits it hears of a failure; until then it must not count as one that nobody handles.
    this.#onTheWay.catch(() => undefined);
  }

  async createIndexes(header: CollectionHeader): Promise<void> {
    const { options, indexes } = metadataOf(header);
    const wanted = indexes
      .filter((index) => index.get("name") !== "_id_" && !index.get("clustered"))
      .map((index) => withOwnCollation(index, options));
    if (wanted.length > 0) await this.db.command({ createIndexes: header.collection, indexes: wanted });
  }
}

function metadataOf(header: CollectionHeader): { options: Fields; indexes: Fields[] } {
  const metadata = fromExtendedJson(header.metadata) as Fields;
  return {
    options: (metadata.get("options") ?? new Map()) as Fields,
    indexes: (metadata.get("indexes") ?? []) as Fields[],
  };
}

/** An index that compares plainly says nothing of it; in a collection with a collation it would take that one. */
function withOwnCollation(index: Fields, options: Fields): Fields {
  // Of old servers: it names the database that the index came from.
  const { ns: _ns, ...rest } = Object.fromEntries(index);
  const own = new Map(Object.entries(rest));
  const isPlain = options.has("collation") && !own.has("collation");
  return isPlain ? own.set("collation", new Map([["locale", "simple"]])) : own;
}
