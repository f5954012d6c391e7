import type { ClientSession, Db, Document, Timestamp } from "mongodb";
import type { DirectConnection } from "../../drivers/mongo";
import { elementsOf } from "./archive";
import { cursorReply, type CursorReply, type RawBatch } from "./cursor-reply";

export type { RawBatch } from "./cursor-reply";

/** What is read from: one session, for a cursor may only be read on by the session that opened it. */
export interface Source {
  db: Db;
  session: ClientSession;
  signal?: AbortSignal | undefined;
  /** A faster way to the same server, for one command at a time; the driver's where there is none. */
  direct?: DirectConnection | undefined;
}

/** Large enough that the way to the server does not count, small enough to hold several; four times as much costs a third more in collected garbage. */
const wantedBytes = 1024 * 1024;

/** Everything that a command with a cursor finds, unparsed; the next batch is on its way while one is used. */
export async function* rawBatches(source: Source, command: Document): AsyncGenerator<RawBatch> {
  const { direct } = source;
  if (direct && !direct.isBetween) return yield* streamedBatches(source, direct, command);
  let reply = await ask(source, command);
  let coming: Promise<CursorReply> | undefined;
  try {
    for (;;) {
      coming = reply.cursor.isZero() ? undefined : ask(source, next(reply));
      // Whoever awaits it hears of a failure; until then it must not count as one that nobody handles.
      coming?.catch(() => undefined);
      if (reply.documents > 0) yield reply;
      if (!coming) return;
      reply = await coming;
    }
  } finally {
    const left = await coming?.catch(() => undefined);
    if (left) await close(source, left);
  }
}

/** The same on a connection of its own: the server sends batch after batch, as fast as they are taken. */
async function* streamedBatches(
  source: Source,
  direct: DirectConnection,
  command: Document,
): AsyncGenerator<RawBatch> {
  const of = { lsid: source.session.id, $db: source.db.databaseName };
  let reply: CursorReply | undefined;
  direct.ask({ ...command, ...of });
  try {
    for (;;) {
      const { document, moreToCome } = await direct.next();
      reply = cursorReply(cursorOf(document));
      const isLast = reply.cursor.isZero();
      if (!isLast && !moreToCome) direct.ask({ ...next(reply), ...of }, { streamed: true });
      if (reply.documents > 0) yield reply;
      if (isLast) return;
    }
  } finally {
    if (direct.isBetween) {
      // Nobody waits for what is still on its way.
      direct.close();
      if (reply) await close(source, reply);
    }
  }
}

/** The moment that a snapshot of this collection, asked for now, shows. */
export async function snapshotTime(source: Source, collection: string): Promise<Timestamp> {
  const command = { find: collection, filter: {}, limit: 1, singleBatch: true };
  const { atClusterTime } = await ask(source, { ...command, readConcern: { level: "snapshot" } });
  if (!atClusterTime) throw new Error(`the server does not say of which moment ${collection} was read`);
  return atClusterTime;
}

/** The documents of a batch, one by one. */
export function* documentsOf({ bytes }: RawBatch): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const end = at + bytes.readInt32LE(at);
    yield bytes.subarray(at, end);
    at = end;
  }
}

function next({ cursor, namespace, documents, bytes }: CursorReply): Document {
  const each = documents > 0 ? bytes.length / documents : wantedBytes;
  const batchSize = Math.max(1, Math.ceil(wantedBytes / each));
  return { getMore: cursor, collection: collectionOf(namespace), batchSize };
}

function collectionOf(namespace: string): string {
  return namespace.slice(namespace.indexOf(".") + 1);
}

async function ask({ db, session, signal }: Source, command: Document): Promise<CursorReply> {
  // `raw` leaves documents below the first level as bytes.
  const answer = await db.command(command, { session, raw: true, ...(signal ? { signal } : {}) });
  // In memory of its own: the driver keeps parts of its message.
  const shared = answer.cursor as Buffer;
  const own = Buffer.allocUnsafeSlow(shared.length);
  own.set(shared);
  return cursorReply(own);
}

function cursorOf(answer: Buffer): Buffer {
  for (const { name, start, end } of elementsOf(answer))
    if (name === "cursor") return answer.subarray(start, end);
  throw new Error("the server answers without a cursor");
}

/** Best effort: the server closes forgotten cursors by itself. */
async function close({ db, session }: Source, { cursor, namespace }: CursorReply): Promise<void> {
  if (cursor.isZero()) return;
  const command = { killCursors: collectionOf(namespace), cursors: [cursor] };
  await db.command(command, { session }).catch(() => undefined);
}
