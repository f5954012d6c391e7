/** The maintenance switch, as much of it as says when it counts; it stands in the operations' database. */
export interface SwitchTimes {
  on?: boolean | undefined;
  from?: Date | null | undefined;
  until?: Date | null | undefined;
}

/** Whether maintenance goes on at a moment: `from` begins it and `until` ends it, whoever is there to turn the switch. */
export function maintenanceState({ on, from, until }: SwitchTimes, now: Date): "off" | "announced" | "on" {
  if (until && until <= now) return "off";
  if (on || (from && from <= now)) return "on";
  return from ? "announced" : "off";
}

/** Whether MAINTENANCE_MODE stands in the environment, which needs no database. */
export function isMaintenanceByHand(env: { MAINTENANCE_MODE?: string | undefined }): boolean {
  return /^(1|true|on|yes)$/i.test(env.MAINTENANCE_MODE ?? "");
}

/** What people are told where nobody wrote anything else. */
export const usualMaintenanceMessage = "The D&D Tracker is being looked after and is back soon.";
