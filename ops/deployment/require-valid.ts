import { z } from "zod";
import { longestTimerMs, OperatorError } from "../../infra/support";
import { engineNames } from "../engine";
import type { DeploymentConfig, DeploymentSurroundings } from "./options";

const config = z.strictObject({
  environment: z.enum(["development", "staging", "production"]),
  dryRun: z.boolean().optional(),
  skipMigrations: z.boolean().optional(),
  timeout: z.number().positive().max(longestTimerMs).optional(),
  backupEnabled: z.boolean().optional(),
  requireConfirmation: z.boolean().optional(),
  autoRollback: z.boolean().optional(),
});

const surroundings = z.strictObject({
  engine: z.enum(engineNames).optional(),
  signal: z.instanceof(AbortSignal).optional(),
  confirm: z.custom((value) => typeof value === "function", "Invalid input: expected a function").optional(),
});

/** Refuses wrong options all at once: a mistyped `dryRun` that is ignored would deploy. */
export function requireValid(given: DeploymentConfig, around: DeploymentSurroundings): void {
  const parsed = [config.safeParse(given), surroundings.safeParse(around)];
  const wrong = parsed.flatMap(({ error }) => error?.issues ?? []);
  if (wrong.length === 0) return;
  throw new OperatorError({
    code: "deployment-options-wrong",
    kind: "usage",
    message: ["options of the DeploymentManager are wrong:", ...wrong.map(lineOf)].join("\n  "),
    remedy: "Mend them in the program. Nothing was touched.",
  });
}

function lineOf({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `${path.join(".")}: ${message}` : message;
}
