import { parseDuration } from "../../infra/support";
import { strayOption, usageOf, type Belongs } from "../actions";
import type { DatabaseOptions } from "../named-database";

export type ActionName = "list" | "show" | "resolve" | "silence" | "test" | "replay";

export interface AlertsOptions extends DatabaseOptions {
  action: ActionName;
  id?: string;
  all?: boolean;
  since?: string;
  limit?: number;
  for?: string;
  reason?: string;
}

export const usage = usageOf("alerts");

const belongs: Belongs<AlertsOptions> = {
  id: ["show", "resolve", "silence", "replay"],
  all: ["list"],
  since: ["list"],
  limit: ["list"],
  for: ["silence"],
  reason: ["silence"],
};

/** Refuses what does not fit together, before anything is looked at. */
export function requireFitting(options: AlertsOptions): void {
  const stray = strayOption(options, belongs, "id");
  if (stray) throw usage(stray);
  const { action, id, limit, reason } = options;
  if ((action === "show" || action === "resolve") && !id) throw usage(`\`${action}\` wants an alert's name`);
  if (limit !== undefined && !(limit >= 1)) throw usage("--limit wants a number, 1 or more");
  if (action !== "silence") return;
  if (!id) throw usage("`silence` wants an alert's name, a rule, RULE:SUBJECT, or `everything`");
  if (!reason?.trim()) throw usage("`silence` wants --reason: whoever comes after you asks why");
  silencedFor(options);
}

/** How long a silence lasts, in milliseconds. */
export function silencedFor({ for: given = "1h" }: Pick<AlertsOptions, "for">): number {
  const ms = parseDuration(given);
  if (ms === undefined || ms <= 0) throw usage("--for wants a time such as 30m or 4h");
  return ms;
}
