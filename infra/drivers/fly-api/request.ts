import { z } from "zod";
import { anySignal, jsonOf, retryAfter, whyNoAnswer, type Clock, type Secret } from "../../support";
import {
  type FailedCall,
  FlyError,
  FlyUnavailable,
  RateLimited,
  UnexpectedAnswer,
  UnknownOutcome,
} from "./errors";
import { publishedRates, type Rate, type RateLimiter } from "./limiter";
import { authorization } from "./token";
import { situationOf } from "./situations";

/** One call of the API, as a value. */
export interface Call<T> {
  /** As it reads after "Fly did not". */
  doing: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Logs and releases are kept elsewhere than the machines. */
  at?: "platform";
  path: string;
  query?: URLSearchParams;
  body?: unknown;
  nonce?: string | undefined;
  /** The call names the version that it changes. */
  fenced?: boolean;
  /** The effect of twice is that of once: the call may be repeated when nobody knows what became of it. */
  repeatable: boolean;
  /** What the published limit counts: the action and the machine or app it is done to. */
  limit: { action: string; of: string; rate?: Rate };
  answer: z.ZodType<T>;
  /** How long the server may take by design, for a call that waits there. */
  patienceMs?: number;
}

export interface Connection {
  baseUrl: string;
  platformUrl: string;
  token: Secret;
  clock: Clock;
  limiter: RateLimiter;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** So many times a repeatable call is tried. */
  attempts: number;
  userAgent: string;
}

export type Send = <T>(call: Call<T>, signal?: AbortSignal) => Promise<Answer<T>>;

export interface Answer<T> {
  value: T;
  headers: Headers;
}

const usualPatienceMs = 30_000;
const networkMs = 5000;
const firstPauseMs = 200;
const longestPauseMs = 10_000;
const passingStatus = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Does calls one by one: each takes its turn, is repeated where that is declared safe, and fails with one error per situation. */
export function sendThrough(connection: Connection): Send {
  return async <T>(call: Call<T>, signal?: AbortSignal): Promise<Answer<T>> => {
    for (let attempt = 1; ; attempt++) {
      const { action, of, rate } = call.limit;
      await connection.limiter.turn(action, of, rate ?? publishedRates.usual, signal);
      const tried = await once(connection, call, signal);
      if ("value" in tried) return tried;
      if (!tried.again || attempt >= connection.attempts) throw tried.error;
      await connection.clock.sleep(pauseBefore(attempt, tried.afterMs), signal);
    }
  };
}

interface Failure {
  error: FlyError;
  again: boolean;
  /** What the answer's Retry-After asked for. */
  afterMs?: number | undefined;
}

async function once<T>(
  connection: Connection,
  call: Call<T>,
  signal: AbortSignal | undefined,
): Promise<Answer<T> | Failure> {
  signal?.throwIfAborted();
  const deadline = AbortSignal.timeout((call.patienceMs ?? usualPatienceMs) + networkMs);
  try {
    const response = await connection.fetch(addressOf(connection, call), {
      method: call.method,
      headers: headersOf(connection, call),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: anySignal([signal, deadline]),
    });
    const text = await response.text();
    return response.ok ? accepted(call, response, text) : refused(call, response, text);
  } catch (error) {
    if (error instanceof FlyError) throw error;
    signal?.throwIfAborted();
    return withoutAnswer(call, error);
  }
}

function accepted<T>(call: Call<T>, response: Response, text: string): Answer<T> {
  const parsed = call.answer.safeParse(jsonOf(text));
  if (parsed.success) return { value: parsed.data, headers: response.headers };
  const failed = failedCall(
    call,
    response,
    `its answer is not of the known form: ${z.prettifyError(parsed.error)}`,
  );
  throw new UnexpectedAnswer(failed);
}

const errorSchema = z.looseObject({
  message: z.string().optional(),
  error: z.string().optional(),
  status: z.union([z.string(), z.number()]).optional(),
});

function refused<T>(call: Call<T>, response: Response, text: string): Failure {
  const body = errorSchema.safeParse(jsonOf(text)).data ?? {};
  // A mere status line is said in words; a page of some proxy on the way is cut to its beginning.
  const said = body.message ?? body.error ?? (text.slice(0, 200).trim() || `status ${response.status}`);
  const failed = failedCall(call, response, said);
  const refusal = {
    call: failed,
    status: response.status,
    word: typeof body.status === "string" ? body.status : undefined,
    leased: call.nonce !== undefined,
    fenced: call.fenced ?? false,
  };
  const error = situationOf(refusal);
  const afterMs = retryAfter(response.headers.get("retry-after"));
  // Only what no situation explains may be a passing fault; a refused turn was not done, so any call may have another.
  if (error instanceof RateLimited) return { error, again: true, afterMs };
  const known = error.code !== "fly-refused" || !passingStatus.has(response.status);
  if (known) return { error, again: false };
  if (!call.repeatable) return { error: new UnknownOutcome(failed), again: false };
  return { error: new FlyUnavailable(failed), again: true, afterMs };
}

function withoutAnswer<T>(call: Call<T>, cause: unknown): Failure {
  const { reason, sent } = whyNoAnswer(cause);
  const failed = { doing: call.doing, said: reason, cause };
  if (sent && !call.repeatable) return { error: new UnknownOutcome(failed), again: false };
  return { error: new FlyUnavailable(failed), again: true };
}

function failedCall<T>(call: Call<T>, response: Response, said: string): FailedCall {
  const requestId = response.headers.get("fly-request-id") ?? undefined;
  return { doing: call.doing, status: response.status, said, requestId };
}

function addressOf<T>({ baseUrl, platformUrl }: Connection, { at, path, query }: Call<T>): string {
  const search = query?.toString();
  const place = at === "platform" ? platformUrl : `${baseUrl}/v1`;
  return `${place}${path}${search ? `?${search}` : ""}`;
}

function headersOf<T>({ token, userAgent }: Connection, { body, nonce }: Call<T>): Record<string, string> {
  return {
    authorization: authorization(token),
    "user-agent": userAgent,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(nonce === undefined ? {} : { "fly-machine-lease-nonce": nonce }),
  };
}

function pauseBefore(attempt: number, afterMs: number | undefined): number {
  const own = firstPauseMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
  return Math.min(longestPauseMs, Math.max(own, afterMs ?? 0));
}
