import { strayOption, usageOf, type Belongs } from "../actions";
import type { DatabaseOptions } from "../named-database";

export type ActionName =
  "status" | "validate" | "plan" | "up" | "down" | "to" | "new" | "repair" | "adopt" | "unlock";

export interface MigrateOptions extends DatabaseOptions {
  action: ActionName;
  name?: string;
  folder?: string;
  to?: string;
  only?: string;
  phase?: "expand" | "contract" | "all";
  steps?: number;
  dryRun?: boolean;
  onLive?: boolean;
  store?: string;
  onFailure?: "stop" | "revert-run" | "restore";
  wait?: string;
  migration?: string;
  reason?: string;
  requireDown?: boolean;
  from?: "migrate-mongo" | "ts-migrate-mongoose";
  collection?: string;
}

const belongs: Belongs<MigrateOptions> = {
  to: ["up"],
  only: ["up"],
  phase: ["up"],
  steps: ["down"],
  dryRun: ["up", "adopt"],
  onLive: ["up"],
  store: ["up"],
  onFailure: ["up"],
  wait: ["up", "down", "to", "repair", "adopt"],
  migration: ["up", "repair"],
  reason: ["repair"],
  requireDown: ["validate"],
  from: ["adopt"],
  collection: ["adopt"],
  name: ["to", "new"],
};

export const usage = usageOf("migrate");

/** Refuses what does not fit together, before anything is looked at. */
export function requireFitting(options: MigrateOptions): void {
  const { action } = options;
  const stray = strayOption(options, belongs, "name");
  if (stray) throw usage(stray);
  if (["to", "new"].includes(action) && !options.name) {
    throw usage(action === "to" ? "`to` wants a version" : "`new` wants a name");
  }
  if (options.onLive && !options.dryRun) throw usage("--on-live belongs to --dry-run");
  if (options.store !== undefined && !options.dryRun && options.onFailure !== "restore") {
    throw usage("--store belongs to --dry-run and to --on-failure restore");
  }
  if (options.steps !== undefined && !(options.steps >= 1)) throw usage("--steps wants a number, 1 or more");
}
