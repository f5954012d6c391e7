import { z } from "zod";
import { parseDuration } from "../../support";
import type { MigrationFile } from "./folder";
import type { Migration, MigrationPhase } from "./migration";

/** A migration with its defaults filled in. */
export interface LoadedMigration extends MigrationFile {
  description: string;
  phase: MigrationPhase;
  transaction: boolean;
  timeout: string;
  timeoutMs: number;
  irreversible: string | undefined;
  up: Migration["up"];
  down: Migration["down"];
  verify: Migration["verify"];
}

/** What a server lets a transaction live, unless it was told otherwise. */
const transactionLifeMs = 60_000;

type Step = Migration["up"];
const step = z.custom<Step>((value) => typeof value === "function", "must be a function");

const schema = z
  .strictObject({
    version: z.string(),
    description: z.string().trim().min(1, "must say what the migration does"),
    up: step,
    down: step.optional(),
    irreversible: z.string().trim().min(1, "must say why").optional(),
    transaction: z.boolean().default(true),
    timeout: z
      .string()
      .refine((text) => parseDuration(text) !== undefined, 'must be a duration such as "90s" or "10m"')
      .optional(),
    phase: z.enum(["expand", "contract"]).default("expand"),
    verify: step.optional(),
  })
  .refine((one) => !(one.down && one.irreversible), "has both `down` and `irreversible`: keep one")
  .refine((one) => one.down ?? one.irreversible, "has neither `down` nor `irreversible`: give one")
  .refine(
    (one) => !one.transaction || !one.timeout || (parseDuration(one.timeout) ?? 0) < transactionLifeMs,
    "has a timeout that no transaction lives to see (60s): declare `transaction: false`, or do less at once",
  );

/** Checks what a file exports; throws with everything that is wrong about it. */
export function parseMigration(file: MigrationFile, exported: unknown): LoadedMigration {
  const result = schema.safeParse(contentOf(exported));
  if (!result.success) {
    const wrong = result.error.issues.map(({ path, message }) => [path.join("."), message].join(" ").trim());
    throw new Error(`its exports are wrong: ${wrong.join("; ")}`);
  }
  const { version, timeout: given, ...rest } = result.data;
  if (version !== file.version) {
    throw new Error(`it exports the version ${version}, its name says ${file.version}`);
  }
  const timeout = given ?? (rest.transaction ? "50s" : "10m");
  const timeoutMs = parseDuration(timeout) ?? transactionLifeMs;
  const { irreversible, down, verify } = rest;
  return { ...file, ...rest, irreversible, down, verify, timeout, timeoutMs };
}

function contentOf(exported: unknown): unknown {
  if (typeof exported !== "object" || exported === null) return exported;
  const content = "default" in exported ? exported.default : exported;
  // A module's own properties only: loaders add markers such as __esModule, which are no part of a migration.
  return typeof content === "object" && content !== null ? { ...content } : content;
}
