import { Long, Timestamp, type ClientSession, type Db, type Document } from "mongodb";
import { elementsOf } from "./archive";

/** What is read from: one session, for a cursor may only be read on by the session that opened it. */
export interface Source {
  db: Db;
  session: ClientSession;
  signal?: AbortSignal | undefined;
}

/** Whole documents, one after the other, as they came from the server. */
export interface RawBatch {
  documents: number;
  bytes: Buffer;
}

interface Reply extends RawBatch {
  cursor: Long;
  namespace: string;
  atClusterTime: Timestamp | undefined;
}

/** Large enough that the way to the server does not count, small enough to hold several; four times as much costs a third more in collected garbage. */
const wantedBytes = 1024 * 1024;

/** Everything that a command with a cursor finds, unparsed; the next batch is on its way while one is used. */
export async function* rawBatches(source: Source, command: Document): AsyncGenerator<RawBatch> {
  let reply = await ask(source, command);
  let coming: Promise<Reply> | undefined;
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
    if (coming) await close(source, coming);
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

function next({ cursor, namespace, documents, bytes }: Reply): Document {
  const collection = namespace.slice(namespace.indexOf(".") + 1);
  const each = documents > 0 ? bytes.length / documents : wantedBytes;
  return { getMore: cursor, collection, batchSize: Math.max(1, Math.ceil(wantedBytes / each)) };
}

async function ask({ db, session, signal }: Source, command: Document): Promise<Reply> {
  // `raw` leaves documents below the first level as bytes.
  const answer = await db.command(command, { session, raw: true, ...(signal ? { signal } : {}) });
  return parse(answer.cursor as Buffer);
}

function parse(cursor: Buffer): Reply {
  const reply: Reply = {
    documents: 0,
    bytes: Buffer.alloc(0),
    cursor: Long.ZERO,
    namespace: "",
    atClusterTime: undefined,
  };
  for (const { name, start, end } of elementsOf(cursor)) {
    if (name === "id") reply.cursor = Long.fromBytesLE([...cursor.subarray(start, end)]);
    if (name === "ns") reply.namespace = cursor.toString("utf8", start + 4, end - 1);
    if (name === "atClusterTime")
      reply.atClusterTime = new Timestamp({
        i: cursor.readUInt32LE(start),
        t: cursor.readUInt32LE(start + 4),
      });
    if (name === "firstBatch" || name === "nextBatch")
      Object.assign(reply, withoutKeys(cursor.subarray(start, end)));
  }
  return reply;
}

/** The documents of an array without their keys, in memory of their own: the driver keeps parts of its message. */
function withoutKeys(array: Buffer): RawBatch {
  const bytes = Buffer.allocUnsafeSlow(array.length);
  bytes.set(array);
  let to = 0;
  let documents = 0;
  for (let at = 4; at < bytes.length - 1; documents++) {
    const start = bytes.indexOf(0, at + 1) + 1;
    const end = start + bytes.readInt32LE(start);
    bytes.copyWithin(to, start, end);
    to += end - start;
    at = end;
  }
  return { documents, bytes: bytes.subarray(0, to) };
}

/** Best effort: the server closes forgotten cursors by itself. */
async function close({ db, session }: Source, coming: Promise<Reply>): Promise<void> {
  const left = await coming.catch(() => undefined);
  if (!left || left.cursor.isZero()) return;
  const collection = left.namespace.slice(left.namespace.indexOf(".") + 1);
  await db.command({ killCursors: collection, cursors: [left.cursor] }, { session }).catch(() => undefined);
}
