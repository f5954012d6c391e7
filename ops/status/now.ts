import type { Db } from "mongodb";
import { openIncidents, type Incident } from "../../infra/engines/incidents";
import { maintenanceNow, type Maintenance } from "../../infra/engines/maintenance";
import { machinesOverride, type MachinesOverride } from "../../infra/engines/release";

/** What is out of the ordinary until somebody, or the time, ends it. */
export interface OutOfTheOrdinary {
  override: Pick<MachinesOverride, "count" | "reason" | "by" | "expires"> | null;
  maintenance: Pick<Maintenance, "on" | "scheduled" | "message" | "from" | "until" | "by"> | null;
  incidents: Pick<Incident, "_id" | "title" | "kind" | "startedAt">[];
}

export const ordinary: OutOfTheOrdinary = { override: null, maintenance: null, incidents: [] };

/** Reads overrides, the maintenance switch and open incidents. */
export async function lookAtNow(ops: Db): Promise<OutOfTheOrdinary> {
  const [override, switched, open] = await Promise.all([
    machinesOverride(ops),
    maintenanceNow(ops),
    openIncidents(ops),
  ]);
  const { on, scheduled, message, from, until, by } = switched;
  return {
    override: override && { ...pick(override) },
    maintenance: on || scheduled ? { on, scheduled, message, from, until, by } : null,
    incidents: open.map(({ _id, title, kind, startedAt }) => ({ _id, title, kind, startedAt })),
  };
}

function pick({ count, reason, by, expires }: MachinesOverride) {
  return { count, reason, by, expires };
}

/** Each as a row of the status. */
export function rowsOfNow({ override, maintenance, incidents }: OutOfTheOrdinary): string[][] {
  return [
    ...(override
      ? [
          [
            "override",
            `${override.count} machines until ${override.expires.toISOString()}, by ${override.by} (${override.reason})`,
          ],
        ]
      : []),
    ...(maintenance ? [["maintenance", sentenceOf(maintenance)]] : []),
    ...incidents.map(({ _id, title, kind, startedAt }) => [
      "incident",
      `${_id}: ${title} (${kind}) since ${startedAt.toISOString()}`,
    ]),
  ];
}

function sentenceOf({ on, from, until, by }: NonNullable<OutOfTheOrdinary["maintenance"]>): string {
  const begins = on ? "on" : `begins ${from?.toISOString()}`;
  return `${begins}, ${until ? `until ${until.toISOString()}` : "until somebody ends it"}, by ${by}`;
}
