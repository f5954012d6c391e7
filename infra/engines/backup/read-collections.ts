import type { ClientSession, Document, MongoClient } from "mongodb";
import { openDirect, type DirectConnection } from "../../drivers/mongo";
import type { ArchiveWriter } from "./archive";
import type { FoundCollection } from "./collections";
import type { DumpWanted } from "./dump";
import type { Manifest } from "./manifest";
import { Pace } from "./pace";
import { rawBatches } from "./raw-batches";

type ReadCollection = Manifest["collections"][number];

/** What to read: a collection of the database, or a part of one of another database that goes under its name. */
export interface Read {
  collection: FoundCollection;
  readConcern: Document;
  find?: { db: string; collection: string; filter: object };
}

interface Way {
  session: ClientSession;
  direct: DirectConnection | undefined;
}

/** More readers only cost memory: two keep the server busy while a batch is compressed. */
export const readersAtOnce = 2;

/** Reads collections into an archive, several at the same time; one that fails stops the others. */
export async function readCollections(
  client: MongoClient,
  database: string,
  archive: ArchiveWriter,
  reads: readonly Read[],
  { limitRate, progress, signal }: Pick<DumpWanted, "limitRate" | "progress" | "signal">,
): Promise<ReadCollection[]> {
  const failed = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const pace = new Pace(limitRate, stop);
  const done = new Map<string, ReadCollection>();

  function documents({ collection, readConcern, find }: Read, way: Way) {
    const { db = database, collection: name = collection.data, filter = {} } = find ?? {};
    const source = { ...way, db: client.db(db), signal: stop };
    return rawBatches(source, { find: name, filter, batchSize: 1000, readConcern });
  }

  async function readAll(waiting: Read[]): Promise<void> {
    const session = client.startSession({ causalConsistency: false });
    let direct: DirectConnection | undefined;
    try {
      if (waiting.length > 0) direct = await openDirect(client, stop);
      for (let one = waiting.shift(); one; one = waiting.shift()) {
        progress.at(one.collection.name);
        // A view has no documents, yet mongorestore waits for its end as well.
        const namespace = { db: database, collection: one.collection.data ?? one.collection.name };
        const batches =
          one.collection.data === undefined ? nothing() : pace.hold(documents(one, { session, direct }));
        const { crc64, ...written } = await archive.collection(namespace, batches, progress.add);
        done.set(one.collection.name, { ...described(one.collection), ...written, crc64: String(crc64) });
      }
    } catch (error) {
      failed.abort(error);
      throw error;
    } finally {
      direct?.close();
      await session.endSession();
    }
  }

  async function together(waiting: Read[]): Promise<void> {
    const readers = Array.from({ length: readersAtOnce }, () => readAll(waiting));
    await Promise.allSettled(readers);
    // The first that failed is why: the others were stopped by it.
    stop.throwIfAborted();
    await Promise.all(readers);
  }

  const own = reads.filter(({ find }) => !find);
  // mongorestore looks for users and roles before the first collection of the database itself.
  await together(reads.filter(({ find }) => find));
  await together(own.filter(({ collection }) => !collection.capped));
  // As they are by then: the later, the less the others wait for that moment.
  await together(own.filter(({ collection }) => collection.capped));
  return reads.flatMap(({ collection }) => done.get(collection.name) ?? []);
}

function described({ name, type, uuid, capped }: FoundCollection) {
  return { name, type, uuid, ...(capped ? { capped } : {}) };
}

async function* nothing(): AsyncGenerator<never> {}
