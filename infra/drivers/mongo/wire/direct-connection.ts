import { BSON, MongoServerError, type Document } from "mongodb";
import { decodeAnswer, encodeCommand, type Answer } from "./message";
import type { MessageSocket } from "./message-socket";

/** A connection that reads large answers unparsed, and as many as the server sends to one question. */
export class DirectConnection {
  #id = 0;
  #isBetween = false;

  constructor(private readonly socket: MessageSocket) {}

  /** The whole answer to one command, parsed. */
  async command(command: Document): Promise<Document> {
    this.ask(command);
    return BSON.deserialize((await this.next()).document);
  }

  /** Sends a command; `streamed`: the server may go on answering, as it does for a cursor. */
  ask(command: Document, { streamed = false } = {}): void {
    this.#isBetween = true;
    this.socket.send(encodeCommand(command, { id: ++this.#id, streamed }));
  }

  /** The next answer to what was asked; a refusal is thrown as the driver would throw it. */
  async next(): Promise<Answer> {
    const answer = decodeAnswer(await this.socket.next());
    if (!answer) {
      this.close();
      throw new Error("the server's answer is none to a command");
    }
    this.#isBetween = answer.moreToCome;
    if (!isOfCursor(answer.document)) throwRefusal(answer.document);
    return answer;
  }

  /** Whether an answer is still to come, or never will: nothing else can be asked. */
  get isBetween(): boolean {
    return this.#isBetween;
  }

  close(): void {
    this.socket.close();
  }
}

const cursorField = Buffer.from("\x03cursor\0");

/** Only what was not refused has one, and in front: nothing of it need be parsed. */
function isOfCursor(document: Buffer): boolean {
  return document.subarray(4, 4 + cursorField.length).equals(cursorField);
}

function throwRefusal(document: Buffer): void {
  const answer = BSON.deserialize(document);
  if (answer.ok !== 1) throw new MongoServerError(answer);
}
