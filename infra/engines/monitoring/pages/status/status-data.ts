import { readAlerts, type AlertShown } from "../data/alerts";
import { maintenanceByHand, readIncidents, readMaintenance, type MaintenanceShown } from "../data/notices";
import { redactedThroughout } from "../data/redacted";
import type { PagesOptions } from "../options";

/** What people are told: nothing in it names a part of the system. */
export interface Status {
  at: Date;
  state: "good" | "slow" | "down" | "maintenance";
  maintenance: MaintenanceShown | null;
  /** Null where our records cannot be read. */
  past: Past | null;
}

export interface Past {
  /** Disruptions of the last ninety days, newest first. */
  disruptions: Disruption[];
  /** The last ninety days, oldest first. */
  days: StatusDay[];
}

export interface Disruption {
  startedAt: Date;
  /** Null while it lasts. */
  endedAt: Date | null;
}

export interface StatusDay {
  day: string;
  /** How long a disruption lasted on this day. */
  minutes: number;
}

export const daysTold = 90;
const dayMs = 24 * 3600_000;

/** What burns for the team alone, such as a backup that is late, is nothing that people meet. */
const downRules = ["serviceDown", "databaseDown", "downtimeMinutes"];
const slowRules = ["errorPercent", "p95Ms", "meanResponseMs", "unhealthyMachines", "poolPercent"];

/** Reads what people are to know out of alerts, incidents and the maintenance switch. */
export async function readStatus(options: Pick<PagesOptions, "ops" | "maintenance">): Promise<Status> {
  const { ops } = options;
  const at = new Date();
  const since = new Date(at.getTime() - daysTold * dayMs);
  const [maintenance, incidents, alerts] = await Promise.all([
    readMaintenance(options, at),
    readIncidents(ops, since),
    readAlerts(ops, at),
  ]);
  const disruptions = incidents.map(({ startedAt, closedAt }) => ({ startedAt, endedAt: closedAt ?? null }));
  return redactedThroughout({
    at,
    state: stateOf(maintenance, disruptions, alerts.open),
    maintenance,
    past: { disruptions, days: daysUntil(at, disruptions) },
  });
}

/** What is known without the database: MAINTENANCE_MODE is for the day on which it is gone. */
export function statusWithoutRecords({ maintenance }: Pick<PagesOptions, "maintenance">): Status | null {
  if (!maintenance) return null;
  return { at: new Date(), state: "maintenance", maintenance: maintenanceByHand, past: null };
}

function stateOf(
  maintenance: MaintenanceShown | null,
  disruptions: readonly Disruption[],
  open: readonly AlertShown[],
): Status["state"] {
  const burns = (rules: readonly string[]) =>
    open.some(
      ({ level, rule, subject }) =>
        level === "critical" && rules.includes(rule) && (rule !== "serviceDown" || subject === "app"),
    );
  if (maintenance?.state === "on") return "maintenance";
  if (burns(downRules)) return "down";
  if (burns(slowRules) || disruptions.some(({ endedAt }) => endedAt === null)) return "slow";
  return "good";
}

/** How long people were disturbed on each day, in universal time. */
function daysUntil(now: Date, disruptions: readonly Disruption[]): StatusDay[] {
  const today = Date.parse(`${now.toISOString().slice(0, 10)}T00:00:00Z`);
  return Array.from({ length: daysTold }, (_, at) => {
    const start = today - (daysTold - 1 - at) * dayMs;
    const ms = disruptions.reduce((sum, { startedAt, endedAt }) => {
      const from = Math.max(start, startedAt.getTime());
      const to = Math.min(start + dayMs, (endedAt ?? now).getTime());
      return sum + Math.max(0, to - from);
    }, 0);
    return {
      day: new Date(start).toISOString().slice(0, 10),
      minutes: Math.ceil(Math.min(ms, dayMs) / 60_000),
    };
  });
}
