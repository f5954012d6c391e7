import { strayOption, usageOf, type Belongs } from "../actions";
import type { EngineName } from "../engine";
import type { DatabaseOptions } from "../named-database";

export type RollbackKind = "auto" | "app" | "migration" | "database" | "full";
export type ActionName = RollbackKind | "quarantine" | "release-image";

export interface RollbackOptions extends DatabaseOptions {
  action: ActionName;
  engine: EngineName;
  digest?: string;
  to?: number;
  steps?: number;
  backup?: string;
  reason?: string;
  dryRun?: boolean;
  configFile?: string;
}

const kinds: ActionName[] = ["auto", "app", "migration", "database", "full"];

const belongs: Belongs<RollbackOptions> = {
  to: kinds,
  steps: ["migration"],
  backup: ["auto", "database", "full"],
  reason: kinds,
  dryRun: kinds,
  digest: ["release-image"],
};

export const usage = usageOf("rollback");

/** Refuses what does not fit together, before anything is looked at. */
export function requireFitting(options: RollbackOptions): void {
  const { action, to, steps, digest } = options;
  const stray = strayOption(options, belongs, "digest");
  if (stray) throw usage(stray);
  if (action === "release-image" && !digest) throw usage("`release-image` wants the digest of an image");
  if (to !== undefined && !(Number.isInteger(to) && to >= 1))
    throw usage("--to wants the number of a release");
  if (steps !== undefined && !(Number.isInteger(steps) && steps >= 1))
    throw usage("--steps wants a number, 1 or more");
  if (to !== undefined && steps !== undefined) throw usage("--to and --steps say the same thing: give one");
}
