import { timingSafeEqual } from "node:crypto";
import type { Db } from "mongodb";
import { isMaintenanceByHand, usualMaintenanceMessage } from "../../support";
import { addressOf, isAllowed } from "./allowed";
import { maintenanceAnswer, noticeOf } from "./answer";
import { RememberedSwitch } from "./remembered";
import type { Maintenance } from "./switch";

export interface GateOptions {
  /** The operations' database, of which the app may read only. */
  ops: () => Db;
  /** MAINTENANCE_MODE switches it on without a database; FLY_APP_NAME says whose word on addresses counts. */
  env?: { MAINTENANCE_MODE?: string | undefined; FLY_APP_NAME?: string | undefined };
  /** Milliseconds since 1970. */
  now?: () => number;
}

type Handle = (request: Request) => Promise<Response>;

/** The header with which a release's own verification gets through. */
export const passHeader = "x-maintenance-pass";

/** What is answered all the same: health, figures, and the pages that tell what is going on. */
const open = /^\/(health|metrics|status|deployments|assets|api\/(health|maintenance|monitoring))(\/|$)/;

/** A middleware: while maintenance is on, everybody else gets a 503 that says when to come back. */
export function maintenanceGate({
  ops,
  env = process.env,
  now = Date.now,
}: GateOptions): (request: Request, next: Handle) => Promise<Response> {
  const remembered = new RememberedSwitch(ops, now);
  const byHand = isMaintenanceByHand(env);
  const behindFly = Boolean(env.FLY_APP_NAME);
  const look = async () => {
    const seen = await remembered.read();
    return byHand && !seen.on ? switchedByHand(seen) : seen;
  };
  return async (request, next) => {
    const { pathname } = new URL(request.url);
    const known = await look();
    if (pathname === "/api/maintenance") return noticeOf(known);
    const through =
      !known.on ||
      open.test(pathname) ||
      isAllowed(addressOf(request, behindFly), known.allowed) ||
      hasPass(request, known.pass);
    if (!through) return maintenanceAnswer(request, known, now());
    const answer = await next(request);
    return known.scheduled ? withNotice(answer, known) : answer;
  };
}

function switchedByHand(seen: Maintenance): Maintenance {
  return { ...seen, on: true, scheduled: false, message: usualMaintenanceMessage, from: null, until: null };
}

function hasPass(request: Request, pass: string | null): boolean {
  const given = Buffer.from(request.headers.get(passHeader) ?? "");
  const wanted = Buffer.from(pass ?? "");
  return wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Programs read in a header what people read on the page. */
function withNotice(answer: Response, { from, until }: Maintenance): Response {
  const headers = new Headers(answer.headers);
  if (from) headers.set("x-maintenance-from", from.toISOString());
  if (until) headers.set("x-maintenance-until", until.toISOString());
  const { status, statusText } = answer;
  return new Response(answer.body, { status, statusText, headers });
}
