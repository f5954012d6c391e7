import type { IncomingMessage, ServerResponse } from "node:http";
import type { Health } from "../handlers";
import type { Answer, AnswerSource } from "../kept-answer";

export const healthPaths: Health<string> = {
  health: "/api/health",
  database: "/api/health/database",
  migrations: "/api/health/migrations",
  live: "/health",
};

export interface PlainOptions {
  /** Stand in every answer. */
  headers?: Record<string, string>;
  /** From now on every answer is the last of its connection. */
  stopping?: () => boolean;
}

/**
 * Answers the health paths of a plain `node:http` server with the bytes that are kept for the second. False: the
 * request is for something else, and nothing was done.
 */
export function plainHealth(
  answers: Health<AnswerSource>,
  { headers = {}, stopping = () => false }: PlainOptions = {},
): (message: IncomingMessage, response: ServerResponse) => boolean {
  const table = new Map(
    (Object.keys(healthPaths) as (keyof Health<string>)[]).map((kind) => [healthPaths[kind], answers[kind]]),
  );
  const always = Object.entries({
    ...headers,
    "content-type": "application/json",
    "cache-control": "no-store",
  }).flat();
  const write = (answer: Answer, message: IncomingMessage, response: ServerResponse) => {
    const own = stopping() ? [...always, "connection", "close"] : always;
    response.writeHead(answer.status, [...own, "content-length", String(answer.bytes.length)]);
    response.end(message.method === "HEAD" ? undefined : answer.bytes);
  };
  return (message, response) => {
    const source = table.get(pathOf(message.url ?? ""));
    if (!source) return false;
    if (message.method !== "GET" && message.method !== "HEAD") {
      response.writeHead(405, [...always, "allow", "GET, HEAD"]).end(`{"error":"only GET is possible here"}`);
      return true;
    }
    const answer = source();
    if (answer instanceof Promise)
      answer.then((found) => write(found, message, response)).catch(() => response.destroy());
    else write(answer, message, response);
    return true;
  };
}

function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}
