import type { Db } from "mongodb";
import { keptAnswer, type Answer, type AnswerSource } from "./kept-answer";
import { isConnected, lookAtDatabase, lookAtMigrations } from "./looks";
import type { SchemaRange } from "./migration-state";
import { watchPool } from "./pool";

export interface HealthOptions {
  /** The app's database. */
  database: Db;
  environment: string;
  version: string;
  /** Migrations that the app cannot live without; with none given the journal alone decides. */
  expected?: readonly { version: string }[] | undefined;
  /** Versions of the schema that the app lives with; a database outside of it is not valid. */
  schema?: SchemaRange | undefined;
  /** True once the app was asked to stop: whoever routes requests takes it out. */
  draining?: (() => boolean) | undefined;
  /** Collection that the database check reads; `characters` unless told otherwise. */
  queried?: string | undefined;
}

export type HealthHandler = (request: Request) => Promise<Response>;

/** One of each: what answers to whom. */
export interface Health<T> {
  /** GET /api/health */
  health: T;
  /** GET /api/health/database */
  database: T;
  /** GET /api/health/migrations */
  migrations: T;
  /** GET /health: the process lives; it never asks the database. */
  live: T;
}

export type HealthHandlers = Health<HealthHandler>;

const keepMs = 1000;

/** The health endpoints as functions from request to response, which mount in any server. */
export function healthHandlers(options: HealthOptions): HealthHandlers {
  const { health, database, migrations, live } = healthAnswers(options);
  return {
    health: respondWith(health),
    database: respondWith(database),
    migrations: respondWith(migrations),
    live: respondWith(live),
  };
}

/** The health endpoints as bytes, for who writes them to a connection without any detour. */
export function healthAnswers(options: HealthOptions): Health<AnswerSource> {
  const { database: db, environment, version } = options;
  const expected = (options.expected ?? []).map((one) => one.version);
  const draining = options.draining ?? (() => false);
  const pool = watchPool(db.client);
  const kept = <T>(look: () => Promise<T>, ok: (found: T) => boolean, body: (found: T) => object) =>
    keptAnswer({
      keepMs,
      look,
      draining,
      status: (found, leaving) => (ok(found) && !leaving ? 200 : 503),
      body: (found, leaving) => ({
        status: leaving ? "draining" : ok(found) ? "ok" : "error",
        timestamp: new Date().toISOString(),
        ...body(found),
      }),
    });
  return {
    health: kept(
      () => isConnected(db),
      (connected) => connected,
      (connected) => ({ environment, version, database: connected ? "connected" : "disconnected" }),
    ),
    database: kept(
      () => lookAtDatabase(db, options.queried ?? "characters"),
      ({ connected }) => connected,
      ({ connected, connectionMs, queryMs, collections, replication }) => ({
        database: {
          connected,
          connectionTime: `${Math.round(connectionMs)}ms`,
          queryTime: `${Math.round(queryMs)}ms`,
          collections: { total: collections.length, names: collections },
          ...(replication ? { replication } : {}),
          pool: pool.now(),
        },
      }),
    ),
    migrations: kept(
      () => lookAtMigrations(db, expected, options.schema),
      (found) => found !== undefined && found.valid && found.pending === 0,
      (found) => ({
        migrations: found ?? { total: expected.length, executed: 0, pending: expected.length, valid: false },
      }),
    ),
    live: keptAnswer({
      keepMs,
      draining,
      look: () => Promise.resolve(),
      status: (_, leaving) => (leaving ? 503 : 200),
      body: (_, leaving) => ({
        status: leaving ? "draining" : "healthy",
        timestamp: new Date().toISOString(),
        uptime: Math.round(process.uptime()),
        version,
      }),
    }),
  };
}

function respondWith(source: AnswerSource): HealthHandler {
  return () => {
    const answer = source();
    // Nearly every check finds an answer that is kept: it takes no turn of waiting.
    return answer instanceof Promise ? answer.then(responseOf) : Promise.resolve(responseOf(answer));
  };
}

const headers = { "content-type": "application/json", "cache-control": "no-store" };

function responseOf({ status, text }: Answer): Response {
  return new Response(text, { status, headers });
}
