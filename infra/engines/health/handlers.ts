import type { Db } from "mongodb";
import { isConnected, lookAtDatabase, lookAtMigrations } from "./looks";
import type { SchemaRange } from "./migration-state";
import { remembered } from "./remembered";

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

export interface HealthHandlers {
  /** GET /api/health */
  health: HealthHandler;
  /** GET /api/health/database */
  database: HealthHandler;
  /** GET /api/health/migrations */
  migrations: HealthHandler;
  /** GET /health: the process lives; it never asks the database. */
  live: HealthHandler;
}

const keepMs = 1000;

/** The health endpoints as functions from request to response, which mount in any server. */
export function healthHandlers(options: HealthOptions): HealthHandlers {
  const { database: db, environment, version } = options;
  const expected = (options.expected ?? []).map((one) => one.version);
  const connection = remembered(keepMs, () => isConnected(db));
  const database = remembered(keepMs, () => lookAtDatabase(db, options.queried ?? "characters"));
  const migrations = remembered(keepMs, () => lookAtMigrations(db, expected, options.schema));
  const draining = options.draining ?? (() => false);
  return {
    health: async () => {
      const connected = await connection();
      return answer(connected, draining(), {
        environment,
        version,
        database: connected ? "connected" : "disconnected",
      });
    },
    database: async () => {
      const { connected, connectionMs, queryMs, collections } = await database();
      return answer(connected, draining(), {
        database: {
          connected,
          connectionTime: `${Math.round(connectionMs)}ms`,
          queryTime: `${Math.round(queryMs)}ms`,
          collections: { total: collections.length, names: collections },
        },
      });
    },
    migrations: async () => {
      const found = await migrations();
      const unread = { total: expected.length, executed: 0, pending: expected.length, valid: false };
      const ok = found !== undefined && found.valid && found.pending === 0;
      return answer(ok, draining(), { migrations: found ?? unread });
    },
    live: async () => {
      const status = draining() ? "draining" : "healthy";
      const body = {
        status,
        timestamp: new Date().toISOString(),
        uptime: Math.round(process.uptime()),
        version,
      };
      return respond(draining() ? 503 : 200, body);
    },
  };
}

function answer(ok: boolean, draining: boolean, found: object): Response {
  const status = draining ? "draining" : ok ? "ok" : "error";
  return respond(ok && !draining ? 200 : 503, { status, timestamp: new Date().toISOString(), ...found });
}

function respond(status: number, body: object): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store" } });
}
