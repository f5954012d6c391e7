import type { ClientSession, Db, Document, ObjectId } from "mongodb";
import { changedBy, exact, isDocumentWrite } from "../changed-by";
import type { Write } from "../guard";
import type { WriteObserver } from "../write-observer";
import { fingerprint } from "../pre-images";
import { countsIn } from "./counts";
import { discreet } from "./discreet";

/** What a migration did to one collection. */
export interface CollectionChange {
  collection: string;
  matched: number;
  modified: number;
  inserted: number;
  deleted: number;
  /** A few of the documents, before and after, as they may be shown; null where there was or is none. */
  samples: { before: Document | null; after: Document | null }[];
}

/** Everything that was seen of one migration. */
export interface Observed {
  collections: CollectionChange[];
  /** What it did to collections, indexes and validators. */
  schema: string[];
}

interface Where {
  db: Db;
  session: ClientSession;
}

const samplesEach = 3;

/** Counts what each migration writes, and keeps a few documents before and after. */
export class TrialObserver implements WriteObserver {
  readonly #seen = new Map<string, Observed>();
  readonly #committed = new Map<string, Observed>();

  begin(version: string): void {
    const committed = this.#committed.get(version);
    if (committed) this.#seen.set(version, committed);
    this.#committed.set(version, copyOf(this.of(version)));
  }

  commit(version: string): void {
    this.#committed.delete(version);
  }

  of(version: string): Observed {
    const known = this.#seen.get(version);
    if (known) return known;
    const fresh: Observed = { collections: [], schema: [] };
    this.#seen.set(version, fresh);
    return fresh;
  }

  async beforeWrite(
    version: string,
    write: Write,
    where: Where,
  ): Promise<((answer: unknown) => Promise<void>) | undefined> {
    const seen = this.of(version);
    if (!isDocumentWrite(write)) {
      const line = schemaLine(write);
      if (line !== undefined) seen.schema.push(line);
      return undefined;
    }
    const change = changeOf(seen, write.collection);
    const sampled = await samplesOf(change, write, where);
    return async (answer) => {
      const counts = countsIn(write, answer);
      change.matched += counts.matched;
      change.modified += counts.modified;
      change.inserted += counts.inserted;
      change.deleted += counts.deleted;
      await takeAfter(change, sampled, where);
    };
  }
}

function copyOf({ collections, schema }: Observed): Observed {
  return {
    collections: collections.map((one) => ({ ...one, samples: [...one.samples] })),
    schema: [...schema],
  };
}

function changeOf(seen: Observed, collection: string): CollectionChange {
  const known = seen.collections.find((one) => one.collection === collection);
  if (known) return known;
  const fresh = { collection, matched: 0, modified: 0, inserted: 0, deleted: 0, samples: [] };
  seen.collections.push(fresh);
  return fresh;
}

async function samplesOf(
  change: CollectionChange,
  write: Write,
  { db, session }: Where,
): Promise<[unknown, Document | null][]> {
  const room = samplesEach - change.samples.length;
  if (room <= 0) return [];
  const inside = session.inTransaction() ? session : undefined;
  const found = await changedBy(db.collection(write.collection), write, inside, room);
  return [...found].slice(0, room);
}

async function takeAfter(
  change: CollectionChange,
  sampled: [unknown, Document | null][],
  { db, session }: Where,
): Promise<void> {
  for (const [id, before] of sampled) {
    if (change.samples.length >= samplesEach) return;
    const options = { ...exact, ...(session.inTransaction() ? { session } : {}) };
    const after = await db.collection(change.collection).findOne({ _id: id as ObjectId }, options);
    if (fingerprint(before) === fingerprint(after)) continue;
    change.samples.push({ before: before && discreet(before), after: after && discreet(after) });
  }
}

function schemaLine({ collection, method, args }: Write): string | undefined {
  const [first] = args;
  if (method === "command") return `${Object.keys(first as object)[0] ?? "command"} ${collection}`;
  const detail =
    typeof first === "object" && first !== null && method.includes("ndex") ? ` ${JSON.stringify(first)}` : "";
  return `${method} ${collection}${detail}`;
}
