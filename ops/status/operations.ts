import type { Db } from "mongodb";
import { formatDuration, maintenanceState, type SwitchTimes } from "../../infra/support";

/** What an emergency or a person has changed beside the settings, and what burns. */
export interface OperationsStatus {
  alerts: { level: string; title: string; since: string | null; silencedUntil: string | null }[];
  /** What stands above the settings until it ends. */
  overrides: { kind: string; count: number | null; reason: string; by: string; expires: string | null }[];
  maintenance: { on: boolean; message: string; from: string | null; until: string | null } | null;
}

interface Alert {
  level?: string;
  title?: string;
  rule?: string;
  since?: Date;
  silencedUntil?: Date;
  resolvedAt?: Date | null;
  resolved?: boolean;
  /** Null while it waits for its rule's time. */
  firedAt?: Date | null;
  dryRun?: boolean;
}

interface Override {
  _id: string;
  count?: number;
  reason?: string;
  by?: string;
  expires?: Date | null;
}

interface Maintenance extends SwitchTimes {
  _id: string;
  message?: string;
}

/** What the ops database says of now. These collections are small: a server without table scans has no index for more. */
export async function lookAtOperations(ops: Db, now = new Date()): Promise<OperationsStatus> {
  const [alerts, overrides, maintenance] = await Promise.all([
    ops.collection<Alert>("alerts").find({}).toArray(),
    ops.collection<Override>("overrides").find({}).toArray(),
    ops.collection<Maintenance>("maintenance").findOne({ _id: "current" }),
  ]);
  return {
    alerts: alerts
      .filter(({ resolved, resolvedAt }) => resolved !== true && !resolvedAt)
      .filter(({ firedAt, dryRun }) => firedAt !== null && dryRun !== true)
      .map(({ level, title, rule, since, silencedUntil }) => ({
        level: level ?? "warning",
        title: title ?? rule ?? "without a title",
        since: textOf(since),
        silencedUntil: silencedUntil && silencedUntil > now ? textOf(silencedUntil) : null,
      })),
    overrides: overrides
      .filter(({ expires }) => !expires || expires > now)
      .map(({ _id, count, reason, by, expires }) => ({
        kind: _id,
        count: count ?? null,
        reason: reason ?? "",
        by: by ?? "",
        expires: textOf(expires),
      })),
    maintenance: maintenance && shown(maintenance, now),
  };
}

/** What needs a person, as a sentence each. */
export function operationsProblems({ alerts }: OperationsStatus): string[] {
  return alerts
    .filter(({ silencedUntil }) => silencedUntil === null)
    .map(({ level, title }) => `${level} alert: ${title}`);
}

/** A line for each thing that is not as usual. */
export function operationsRows({ alerts, overrides, maintenance }: OperationsStatus, now = new Date()) {
  const left = (until: string | null) =>
    until === null
      ? "until somebody ends it"
      : `for another ${formatDuration(Math.max(0, Date.parse(until) - now.getTime()))}`;
  return [
    ...(maintenance
      ? [
          [
            "maintenance",
            maintenance.on
              ? `ON ${left(maintenance.until)}: ${maintenance.message}`
              : `from ${maintenance.from ?? "?"} to ${maintenance.until ?? "?"}: ${maintenance.message}`,
          ],
        ]
      : []),
    ...overrides.map(({ kind, count, reason, by, expires }) => [
      "override",
      `${count ?? ""} ${kind} ${left(expires)}, by ${by}: ${reason}`.trim(),
    ]),
    ...alerts.map(({ level, title, since, silencedUntil }) => [
      "alert",
      `${level}: ${title}${since === null ? "" : `, since ${since}`}${silencedUntil === null ? "" : `, silent until ${silencedUntil}`}`,
    ]),
  ];
}

function shown(seen: Maintenance, now: Date): OperationsStatus["maintenance"] {
  const state = maintenanceState(seen, now);
  if (state === "off") return null;
  const { message = "", from, until } = seen;
  return { on: state === "on", message, from: textOf(from), until: textOf(until) };
}

function textOf(moment: Date | null | undefined): string | null {
  return moment ? moment.toISOString() : null;
}
