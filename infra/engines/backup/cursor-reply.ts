import { Long, Timestamp } from "mongodb";
import { elementsOf } from "./archive";

/** Whole documents, one after the other, as they came from the server. */
export interface RawBatch {
  documents: number;
  bytes: Buffer;
}

/** What the server answers to a command with a cursor. */
export interface CursorReply extends RawBatch {
  cursor: Long;
  namespace: string;
  atClusterTime: Timestamp | undefined;
}

/** Takes the `cursor` of an answer apart without parsing a document of it. The bytes given become the batch's own: they are moved together. */
export function cursorReply(cursor: Buffer): CursorReply {
  const reply: CursorReply = {
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

/** The documents of an array without their keys. */
function withoutKeys(array: Buffer): RawBatch {
  let to = 0;
  let documents = 0;
  for (let at = 4; at < array.length - 1; documents++) {
    const start = array.indexOf(0, at + 1) + 1;
    const end = start + array.readInt32LE(start);
    array.copyWithin(to, start, end);
    to += end - start;
    at = end;
  }
  return { documents, bytes: array.subarray(0, to) };
}
