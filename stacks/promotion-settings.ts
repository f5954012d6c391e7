import { z } from "zod";
import type { Settings } from "./settings";

/** What a stack accepts of the one before it. */
export const promotionSettings = z.strictObject({
  /** Whether a release must have ended well in another stack first; without it production asks for that. */
  required: z.boolean().optional(),
  /** That stack, by its name in this project or as `organization/project/stack`. */
  from: z
    .string()
    .regex(/^([\w.-]+\/[\w.-]+\/)?[\w.-]+$/, "a stack such as staging, or organization/project/stack")
    .default("staging"),
  /** Why releases go without, for as long as this stands here; each raises an alert. */
  override: z.string().trim().min(1, "the reason, in words").optional(),
});

/** The variable by which one run goes without what its stack asks for; its value is the reason. */
export const overrideVariable = "DND_OVERRIDE_PROMOTION";

/** The stack that must have gone before, and why not this time; null where a release needs none. */
export function promotionWanted(
  { environment, database, release: { promotion } }: Settings,
  env: NodeJS.ProcessEnv = process.env,
): { from: string; override: string | null } | null {
  const {
    from,
    override,
    required = environment === "production" && database.kind !== "embedded",
  } = promotion;
  const reason = env[overrideVariable]?.trim() || override;
  return required ? { from, override: reason ?? null } : null;
}
