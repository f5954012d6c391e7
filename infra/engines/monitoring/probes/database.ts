import type { Db, Document } from "mongodb";
import { z } from "zod";
import type { Figure } from "../figure";
import type { Probe } from "./probe";

const counted = z.object({
  connections: z.object({ current: z.number(), available: z.number() }).optional(),
});
const replicated = z.object({
  members: z.array(z.object({ stateStr: z.string(), optimeDate: z.date().optional() })).optional(),
});

/** What the server said, as far as this login may ask. */
export interface DatabaseAnswers {
  pingMs: number;
  queryMs: number;
  serverStatus: Document | null;
  replicaStatus: Document | null;
}

/** Probes the database itself: whether and how fast it answers, its connections and its replication. */
export function databaseProbe(database: Db): Probe {
  return {
    name: "database",
    look: async (at, signal) => databaseFigures(await askDatabase(database, signal), at),
    lost: (why, at) => [{ name: "databaseDown", subject: "database", value: 1, at, note: why }],
  };
}

/** The figures of what a database answered. */
export function databaseFigures(answers: DatabaseAnswers, at: Date): Figure[] {
  const about = { subject: "database", at };
  const { connections } = counted.safeParse(answers.serverStatus).data ?? {};
  const lag = lagSeconds(answers.replicaStatus);
  return [
    { ...about, name: "databaseDown", value: 0 },
    { ...about, name: "databasePingMs", value: answers.pingMs },
    { ...about, name: "databaseQueryMs", value: answers.queryMs },
    ...(connections
      ? ([
          { ...about, name: "databaseConnections", value: connections.current },
          {
            ...about,
            name: "connectionsPercent",
            value: (100 * connections.current) / Math.max(1, connections.current + connections.available),
            note: `${connections.current} of ${connections.current + connections.available}`,
          },
        ] satisfies Figure[])
      : []),
    ...(lag === undefined ? [] : [{ ...about, name: "replicationLagSeconds" as const, value: lag }]),
  ];
}

/** How far the slowest secondary is behind; undefined where there is none or nobody may ask. */
export function lagSeconds(status: Document | null): number | undefined {
  const members = replicated.safeParse(status).data?.members ?? [];
  const newest = members.find(({ stateStr }) => stateStr === "PRIMARY")?.optimeDate;
  const secondaries = members.filter(({ stateStr }) => stateStr === "SECONDARY");
  if (!newest || secondaries.length === 0) return undefined;
  return Math.max(...secondaries.map(({ optimeDate }) => behind(newest, optimeDate)));
}

function behind(newest: Date, own: Date | undefined): number {
  return own ? Math.max(0, (newest.getTime() - own.getTime()) / 1000) : 0;
}

async function askDatabase(db: Db, signal: AbortSignal): Promise<DatabaseAnswers> {
  const admin = db.client.db("admin");
  const started = performance.now();
  await db.command({ ping: 1 }, { signal });
  const pinged = performance.now();
  await db.collection("migrations").findOne({}, { projection: { _id: 1 }, signal });
  const queried = performance.now();
  // A login for the app's own work may not ask the whole server; then these figures are missing.
  const asked = (command: Document) => admin.command(command, { signal }).catch(() => null);
  const [serverStatus, replicaStatus] = await Promise.all([
    asked({ serverStatus: 1, metrics: 0, wiredTiger: 0, locks: 0, repl: 0 }),
    asked({ replSetGetStatus: 1 }),
  ]);
  return { pingMs: pinged - started, queryMs: queried - pinged, serverStatus, replicaStatus };
}
