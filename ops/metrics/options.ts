import { parseDuration } from "../../infra/support";
import { flagOf, usageOf } from "../actions";
import type { DatabaseOptions } from "../named-database";

export const exportFormats = ["json", "csv", "prometheus"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What `dnd metrics` is given. */
export interface MetricsOptions extends DatabaseOptions {
  action?: "show" | "export" | "report";
  format?: ExportFormat;
  name?: string;
  since?: string;
  until?: string;
  environment?: string;
}

export const usage = usageOf("metrics");

/** Which options mean nothing to which action is said before anything is looked at. */
export function requireFitting(options: MetricsOptions): void {
  const { action } = options;
  const stray = (["format", "name", "until"] as const).find(
    (option) =>
      action !== "export" && !(action === "show" && option === "name") && options[option] !== undefined,
  );
  if (stray) throw usage(`${flagOf(stray)} belongs to export`);
}

/** "7d", or a date, as the moment from which on things are asked for. */
export function momentOf(option: string, text: string, now: Date): Date {
  // A bare number would be milliseconds, which nobody means here.
  const back = /[a-z]$/.test(text) ? parseDuration(text) : undefined;
  const moment = back === undefined ? new Date(text) : new Date(now.getTime() - back);
  if (!Number.isNaN(moment.getTime()) && moment <= now) return moment;
  throw usage(`${option} wants a time that is past, such as 7d, 12h or 2026-03-01, not ${text}`);
}
