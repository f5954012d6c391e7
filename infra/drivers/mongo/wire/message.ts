import { BSON, type Document } from "mongodb";

/** How long every message says that it is, whose it is and of which kind. */
export const headerBytes = 16;
/** Behind the header: flags, and the kind of the one section that follows. */
export const prefixBytes = 5;

const opMessage = 2013;
const checksumPresent = 1;
const moreToCome = 2;
const exhaustAllowed = 1 << 16;
/** What a server says that it takes at most, and a little for the way. */
const longestMessage = 64 * 1024 * 1024;

/** A command as it goes over the wire; `streamed` lets the server answer more than once. */
export function encodeCommand(
  command: Document,
  { id, streamed }: { id: number; streamed: boolean },
): Buffer {
  const document = BSON.serialize(command);
  const message = Buffer.alloc(headerBytes + prefixBytes + document.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(id, 4);
  message.writeInt32LE(opMessage, 12);
  message.writeUInt32LE(streamed ? exhaustAllowed : 0, headerBytes);
  message.set(document, headerBytes + prefixBytes);
  return message;
}

/** How many bytes come behind a header; undefined where it is none of an answer. */
export function bodyLength(header: Buffer): number | undefined {
  const length = header.readInt32LE(0) - headerBytes;
  const isAnswer = header.readInt32LE(12) === opMessage && length >= prefixBytes + 5;
  return isAnswer && length <= longestMessage ? length : undefined;
}

/** What one message of a server holds. */
export interface Answer {
  document: Buffer;
  /** Another one follows without being asked for. */
  moreToCome: boolean;
}

/** Takes an answer apart; undefined where it has more than the one document that every answer to a command is. */
export function decodeAnswer(body: Buffer): Answer | undefined {
  const flags = body.readUInt32LE(0);
  const end = body.length - (flags & checksumPresent ? 4 : 0);
  const isOneDocument = body[4] === 0 && body.readInt32LE(prefixBytes) === end - prefixBytes;
  if (!isOneDocument) return undefined;
  return { document: body.subarray(prefixBytes, end), moreToCome: (flags & moreToCome) !== 0 };
}
