import type { IncomingMessage, ServerResponse } from "node:http";
import type { Part } from "../metrics";
import { ActiveSessions } from "./active-sessions";
import { Durations } from "./durations";
import { sessionOf } from "./session-of";

/** The requests since the last look. */
export interface RequestFigures {
  requests: number;
  /** Answers with a status of 500 or more: a wrong request of a visitor is no error of the app. */
  errors: number;
  meanResponseMs: number;
  p95Ms: number;
  /** How many took how long; undefined without any. */
  durations: Part | undefined;
  /** Who was here within the last five minutes. */
  activeSessions: number;
}

export interface RequestMetrics {
  /** For Express and Connect: `server.use(metrics.middleware)`; a plain listener calls it without `next`. */
  middleware: (message: IncomingMessage, response: ServerResponse, next?: () => void) => void;
  /** Counts one request that was answered. */
  observe: (message: IncomingMessage, status: number, ms: number) => void;
  /** The figures since the last time that they were taken, and begins anew. */
  take: () => RequestFigures;
}

/** Measures requests as they are answered; it costs a few microseconds each and memory of a fixed size. */
export function requestMetrics(): RequestMetrics {
  const durations = new Durations();
  const sessions = new ActiveSessions();
  let requests = 0;
  let errors = 0;
  let sumMs = 0;
  const observe = (message: IncomingMessage, status: number, ms: number) => {
    requests++;
    if (status >= 500) errors++;
    sumMs += ms;
    durations.add(ms);
    sessions.add(sessionOf(message));
  };
  return {
    observe,
    middleware: (message, response, next) => {
      const started = performance.now();
      response.once("finish", () => observe(message, response.statusCode, performance.now() - started));
      next?.();
    },
    take: () => {
      const meanResponseMs = requests === 0 ? 0 : sumMs / requests;
      const p95Ms = durations.quantile(0.95);
      const taken = { requests, errors, meanResponseMs, p95Ms, durations: durations.counted() };
      durations.clear();
      requests = errors = sumMs = 0;
      return { ...taken, activeSessions: sessions.count };
    },
  };
}
