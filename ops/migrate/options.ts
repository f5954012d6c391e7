import { OperatorError } from "../../infra/support";
import type { CommonOptions } from "../command";

export const actionNames = [
  "status",
  "validate",
  "plan",
  "up",
  "down",
  "to",
  "new",
  "repair",
  "adopt",
  "unlock",
] as const;

export interface MigrateOptions extends CommonOptions {
  action: (typeof actionNames)[number];
  name?: string;
  uri?: string;
  db?: string;
  folder?: string;
  to?: string;
  only?: string;
  phase?: "expand" | "contract" | "all";
  steps?: number;
  dryRun?: boolean;
  onLive?: boolean;
  store?: string;
  onFailure?: "stop" | "revert-run";
  wait?: string;
  migration?: string;
  reason?: string;
  requireDown?: boolean;
  from?: "migrate-mongo" | "ts-migrate-mongoose";
  collection?: string;
}

/** Which actions an option belongs to; those that are not here belong to all. */
const belongs: Partial<Record<keyof MigrateOptions, readonly MigrateOptions["action"][]>> = {
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

/** Refuses an option that means nothing to the action: whoever wrote it expects something else. */
export function requireFitting(options: MigrateOptions): void {
  const { action } = options;
  const wrong = (Object.keys(belongs) as (keyof MigrateOptions)[]).filter(
    (option) => options[option] !== undefined && !belongs[option]?.includes(action),
  );
  const [first] = wrong;
  if (first) {
    throw usage(
      first === "name"
        ? `\`${options.name ?? ""}\` means nothing to ${action}`
        : `${flag(first)} means nothing to ${action}`,
    );
  }
  if (["to", "new"].includes(action) && !options.name) {
    throw usage(action === "to" ? "`to` wants a version" : "`new` wants a name");
  }
  if ((options.onLive || options.store !== undefined) && !options.dryRun) {
    throw usage(`${options.onLive ? "--on-live" : "--store"} belongs to --dry-run`);
  }
  if (options.steps !== undefined && !(options.steps >= 1)) throw usage("--steps wants a number, 1 or more");
}

export function usage(message: string): OperatorError {
  return new OperatorError({
    code: "usage",
    kind: "usage",
    message,
    remedy: "`dnd migrate --help` shows the actions and their options.",
  });
}

function flag(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
