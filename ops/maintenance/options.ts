import { strayOption, usageOf, type Belongs } from "../actions";
import type { DatabaseOptions } from "../named-database";

export type ActionName = "on" | "off" | "status" | "schedule";

export interface MaintenanceOptions extends DatabaseOptions {
  action: ActionName;
  message?: string;
  at?: string;
  until?: string;
  reason?: string;
  allow?: string[];
  mail?: string[];
}

const belongs: Belongs<MaintenanceOptions> = {
  message: ["on", "schedule"],
  at: ["schedule"],
  until: ["on", "schedule"],
  allow: ["on", "schedule"],
  mail: ["on", "off", "schedule"],
  reason: ["on", "off", "schedule"],
};

export const usage = usageOf("maintenance");

/** Refuses what does not fit together, before anything is looked at. */
export function requireFitting(options: MaintenanceOptions): void {
  const stray = strayOption(options, belongs, "action");
  if (stray) throw usage(stray);
  if (options.action === "schedule" && options.at === undefined)
    throw usage("`schedule` wants --at, the moment when it begins");
}
