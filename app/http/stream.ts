import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";

/** Whether an answer has no end of its own, as events that a page listens to. */
export function isStream(answer: Response): boolean {
  return answer.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}

/** Passes an answer on piece by piece until either side ends it. */
export async function stream(
  answer: Response,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (message.method === "HEAD" || !answer.body) {
    // Whoever wants the headers alone listens to nothing: the place is another reader's.
    await answer.body?.cancel();
    response.end();
    return;
  }
  response.flushHeaders();
  const pieces = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>);
  // A reader that goes away is how such an answer usually ends.
  await pipeline(pieces, response).catch(() => undefined);
}
