import { z } from "zod";
import { anySignal, jsonOf, retryAfter, whyNoAnswer, type Clock } from "../../support";
import type { CallOptions } from "./contract";
import { AtlasError, AtlasUnavailable, type FailedCall, UnexpectedAnswer, UnknownOutcome } from "./errors";
import { refusalSchema } from "./schemas";
import type { Fetch, Signing } from "./signing";
import { situationOf } from "./situations";

/** One call of the API, as a value. */
export interface Call<T> {
  /** As it reads after "Atlas did not". */
  doing: string;
  method: "GET" | "POST" | "DELETE";
  path: string;
  /** The version of the API whose form the answer has; null where the place knows no versions. */
  version: string | null;
  body?: unknown;
  /** The least role that may do it, as Atlas names it. */
  right: string;
  answer: z.ZodType<T>;
}

export interface Connection {
  baseUrl: string;
  signing: Signing;
  clock: Clock;
  fetch: Fetch;
  /** So many times a read is tried. */
  attempts: number;
}

export type Send = <T>(call: Call<T>, options?: CallOptions) => Promise<T>;

const usualTimeoutMs = 60_000;
const attemptTimeoutMs = 20_000;
const firstPauseMs = 500;
const passingStatus = new Set([408, 425, 500, 502, 503, 504]);

interface Failure {
  error: AtlasError;
  again: boolean;
  /** What the answer's Retry-After asked for. */
  afterMs?: number | undefined;
}

/** Does calls one by one: only reads are repeated, and writes that were turned away before anything was done. */
export function sendThrough(connection: Connection): Send {
  return async <T>(call: Call<T>, { signal, timeoutMs = usualTimeoutMs }: CallOptions = {}): Promise<T> => {
    const until = connection.clock.now() + timeoutMs;
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      const left = Math.max(1, until - connection.clock.now());
      const tried = await once(connection, call, Math.min(attemptTimeoutMs, left), signal);
      if ("value" in tried) return tried.value;
      const pauseMs = Math.max(tried.afterMs ?? 0, ownPause(attempt));
      const late = connection.clock.now() + pauseMs >= until;
      if (!tried.again || attempt >= connection.attempts || late) throw tried.error;
      await connection.clock.sleep(pauseMs, signal);
    }
  };
}

async function once<T>(
  connection: Connection,
  call: Call<T>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<{ value: T } | Failure> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = anySignal([signal, deadline]);
  try {
    const { response, text } = await exchanged(connection, call, either);
    return response.ok ? { value: accepted(call, response, text) } : refused(call, response, text);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AtlasUnavailable) return { error, again: call.method === "GET" };
    if (error instanceof AtlasError) throw error;
    return withoutAnswer(call, error);
  }
}

/** A request that is turned away for its signature is sent a second time with a new one. */
async function exchanged<T>(
  connection: Connection,
  call: Call<T>,
  signal: AbortSignal,
): Promise<{ response: Response; text: string }> {
  const first = await sent(connection, call, signal);
  if (first.response.status !== 401 || !connection.signing.renewed(first.response)) return first;
  return sent(connection, call, signal);
}

async function sent<T>({ baseUrl, signing, fetch }: Connection, call: Call<T>, signal: AbortSignal) {
  const url = new URL(baseUrl + call.path);
  const authorization = await signing.header(call.method, url.pathname + url.search, signal);
  const type = call.version === null ? "application/json" : `application/vnd.atlas.${call.version}+json`;
  const response = await fetch(url.href, {
    method: call.method,
    headers: {
      accept: type,
      "user-agent": "dnd-tracker-deploy",
      ...(authorization === undefined ? {} : { authorization }),
      ...(call.body === undefined ? {} : { "content-type": type }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    redirect: "error",
    signal,
  });
  return { response, text: await response.text() };
}

function accepted<T>(call: Call<T>, { status }: Response, text: string): T {
  const parsed = call.answer.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const said = `its answer is not of the known form: ${z.prettifyError(parsed.error)}`;
  throw new UnexpectedAnswer({ doing: call.doing, status, said });
}

function refused<T>(call: Call<T>, response: Response, text: string): Failure {
  const { status } = response;
  const told = refusalSchema.safeParse(jsonOf(text));
  const { detail, reason, errorCode } = told.success ? told.data : {};
  const said = detail ?? reason ?? (response.statusText || "it gave no reason");
  const failed: FailedCall = { doing: call.doing, status, word: errorCode, said };
  const reading = call.method === "GET";
  const afterMs = retryAfter(response.headers.get("retry-after"));
  if (passingStatus.has(status)) {
    const error = reading ? new AtlasUnavailable(failed) : new UnknownOutcome(failed);
    return { error, again: reading, afterMs };
  }
  return { error: situationOf({ call: failed, right: call.right }), again: status === 429, afterMs };
}

function withoutAnswer<T>({ doing, method }: Call<T>, cause: unknown): Failure {
  const { reason, sent } = whyNoAnswer(cause);
  const failed = { doing, said: reason, cause };
  const reading = method === "GET";
  if (sent && !reading) return { error: new UnknownOutcome(failed), again: false };
  return { error: new AtlasUnavailable(failed), again: reading };
}

function ownPause(attempt: number): number {
  return firstPauseMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}
