import { request as plain, type IncomingHttpHeaders } from "node:http";
import { request as encrypted } from "node:https";

export interface SmallRequest {
  method?: "GET" | "HEAD" | "POST";
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  /** No more of an answer than this is waited for, in bytes; 64 kB unless given, and with 0 its head is enough. */
  readAtMost?: number;
}

export interface SmallAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/**
 * One request over a connection of its own, which follows no redirection. For processes that have to stay small:
 * fetch() takes twenty megabytes with its first use, and another twenty for a moment.
 */
export function smallRequest(url: string, options: SmallRequest): Promise<SmallAnswer> {
  const { method = "GET", headers = {}, body, signal, readAtMost = 64 * 1024 } = options;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? (signal.reason as Error) : firstOf(error));
    const send = new URL(url).protocol === "https:" ? encrypted : plain;
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const all = { ...headers, ...length, connection: "close" };
    const sent = send(url, { method, headers: all, signal, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      const end = () => {
        const text = Buffer.concat(pieces).subarray(0, readAtMost).toString("utf8");
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      };
      const take = (piece: Buffer) => {
        pieces.push(piece);
        bytes += piece.length;
        if (bytes < readAtMost) return;
        end();
        answer.destroy();
      };
      answer.on("error", fail);
      if (readAtMost === 0) return take(Buffer.alloc(0));
      answer.on("data", take);
      answer.on("end", end);
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

/** Of several addresses that a name has, all of which failed, the first one's failure says what happened. */
function firstOf(error: Error): Error {
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  return first ?? error;
}
