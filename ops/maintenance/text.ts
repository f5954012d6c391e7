import type { Maintenance } from "../../infra/engines/maintenance";

/** The switch in one or two sentences. */
export function maintenanceText(known: Maintenance): string {
  const { on, scheduled, message, from, until, by, reason, allowed } = known;
  if (!on && !scheduled) return "maintenance is off: the app serves";
  const begins = scheduled ? `maintenance begins ${said(from)}` : `maintenance is on since ${said(from)}`;
  const end = until ? `, until ${said(until)}` : ", until `dnd maintenance off`";
  const why = reason ? ` (${reason})` : "";
  const through = allowed.length > 0 ? `\nlet through: ${allowed.join(", ")}` : "";
  return `${begins}${end}, by ${by}${why}\n"${message}"${through}`;
}

function said(date: Date | null): string {
  return date ? date.toISOString() : "unknown";
}
