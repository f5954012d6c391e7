import { z } from "zod";
import { parseDuration } from "../../support";
import type { LoadedMigration, Step } from "./exports";
import type { MigrationFile } from "./folder";
import type { Migration } from "./migration";
import { riskRules } from "./risk-rules";
import { transactionLifeMs } from "./time-limit";

const isFunction = (value: unknown): boolean => typeof value === "function";
const step = z.custom<Step>(isFunction, "must be a function");
const reason = z.string().trim().min(1, "must say why");

const schema = z
  .strictObject({
    version: z.string(),
    description: z.string().trim().min(1, "must say what the migration does"),
    up: step,
    down: step.optional(),
    irreversible: reason.optional(),
    undo: z.literal("pre-images").optional(),
    transaction: z.boolean().default(true),
    idempotent: z.boolean().default(false),
    afterCrash: z.enum(["complete", "undo"]).default("complete"),
    timeout: z
      .string()
      .refine((text) => parseDuration(text) !== undefined, 'must be a duration such as "90s" or "10m"')
      .optional(),
    phase: z.enum(["expand", "contract"]).default("expand"),
    dependsOn: z.array(z.string().regex(/^\d{14}$/, "must be a version")).default([]),
    verify: step.optional(),
    estimate: z.custom<NonNullable<Migration["estimate"]>>(isFunction, "must be a function").optional(),
    accepts: z.partialRecord(z.enum(riskRules), reason).default({}),
  })
  .refine((one) => waysBack(one) > 0, "has neither `down` nor `undo` nor `irreversible`: give one")
  .refine((one) => waysBack(one) < 2, "has more than one of `down`, `undo` and `irreversible`: keep one")
  .refine(
    (one) => !one.transaction || !one.timeout || (parseDuration(one.timeout) ?? 0) < transactionLifeMs,
    "has a timeout that no transaction lives to see (60s): declare `transaction: false`, or do less at once",
  )
  .refine(
    (one) => one.afterCrash === "complete" || (!one.transaction && one.down),
    'has `afterCrash: "undo"`, which wants `transaction: false` and a `down`',
  )
  .refine(
    (one) => !one.undo || one.transaction || !one.idempotent,
    "has `undo` and plain writes outside a transaction, whose pre-images nobody could keep",
  );

/** Checks what a file of our own format exports; throws with everything that is wrong about it. */
export function parseOwn(file: MigrationFile, content: unknown): LoadedMigration {
  const result = schema.safeParse(content);
  if (!result.success) {
    const wrong = result.error.issues.map(({ path, message }) => [path.join("."), message].join(" ").trim());
    throw new Error(`its exports are wrong: ${wrong.join("; ")}`);
  }
  const { version, ...rest } = result.data;
  if (version !== file.version) {
    throw new Error(`it exports the version ${version}, its name says ${file.version}`);
  }
  const { irreversible, undo, down, verify, estimate, timeout } = rest;
  return {
    ...file,
    ...rest,
    ...{ irreversible, undo, down, verify, estimate, timeout },
    foreign: false,
  };
}

function waysBack({
  down,
  undo,
  irreversible,
}: {
  down?: unknown;
  undo?: unknown;
  irreversible?: unknown;
}): number {
  return [down, undo, irreversible].filter((one) => one !== undefined).length;
}
