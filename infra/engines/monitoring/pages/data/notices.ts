import type { Db } from "mongodb";
import { z } from "zod";
import { maintenanceState, usualMaintenanceMessage } from "../../../../support";
import type { PagesOptions } from "../options";

const maintenance = z.object({
  on: z.boolean(),
  message: z.string().default(""),
  from: z.date().nullish(),
  until: z.date().nullish(),
});

const incident = z.object({
  _id: z.number(),
  title: z.string(),
  startedAt: z.date(),
  closedAt: z.date().nullish(),
});

const override = z.object({
  _id: z.string(),
  count: z.number().optional(),
  reason: z.string().default(""),
  expires: z.date().nullish(),
});

/** Work that people are told of: it goes on, or it is announced. */
export interface MaintenanceShown {
  state: "on" | "announced";
  message: string;
  from: Date | null;
  until: Date | null;
}

export type IncidentShown = Omit<z.infer<typeof incident>, "_id"> & { number: number };
export type OverrideShown = Omit<z.infer<typeof override>, "_id"> & { what: string };

/** What people are told while MAINTENANCE_MODE in the environment keeps the app closed. */
export const maintenanceByHand: MaintenanceShown = {
  state: "on",
  message: usualMaintenanceMessage,
  from: null,
  until: null,
};

/** The maintenance that goes on or is still to come; null when there is none. */
export async function readMaintenance(
  { ops, maintenance: byHand = false }: Pick<PagesOptions, "ops" | "maintenance">,
  now: Date,
): Promise<MaintenanceShown | null> {
  const known = await readSwitch(ops, now);
  return byHand && known?.state !== "on" ? maintenanceByHand : known;
}

async function readSwitch(ops: Db, now: Date): Promise<MaintenanceShown | null> {
  const found = await ops.collection<{ _id: string }>("maintenance").findOne({ _id: "current" });
  const parsed = maintenance.safeParse(found);
  if (!parsed.success) return null;
  const { message, from = null, until = null } = parsed.data;
  const state = maintenanceState(parsed.data, now);
  return state === "off" ? null : { state, message, from, until };
}

/** As many as the worst quarter has. */
const incidentsAtMost = 200;

/** Incidents since a moment, newest first; one that is open is there however long it has lasted. */
export async function readIncidents(ops: Db, since: Date): Promise<IncidentShown[]> {
  const found = await ops
    .collection<{ _id: number }>("incidents")
    .find({}, { projection: { timeline: 0 } })
    .sort({ _id: -1 })
    .limit(incidentsAtMost)
    .toArray();
  return found
    .flatMap((document) => {
      const parsed = incident.safeParse(document);
      if (!parsed.success) return [];
      const { _id: number, ...rest } = parsed.data;
      return [{ number, ...rest }];
    })
    .filter(({ startedAt, closedAt }) => !closedAt || startedAt >= since);
}

/** What somebody set by hand for a while, and is still so. */
export async function readOverrides(ops: Db, now: Date): Promise<OverrideShown[]> {
  const found = await ops.collection<{ _id: string }>("overrides").find({}).sort({ _id: 1 }).toArray();
  return found.flatMap((document) => {
    const parsed = override.safeParse(document);
    if (!parsed.success || (parsed.data.expires && parsed.data.expires <= now)) return [];
    const { _id: what, ...rest } = parsed.data;
    return [{ what, ...rest }];
  });
}
