import { z } from "zod";
import { duration } from "./setting-kinds";

const schemaVersion = z.string().regex(/^\d{14}$/, "a migration's version: 14 digits");
/** The settings of a stack's migrations. */
export const migrationSettings = z.strictObject({
  folder: z.string().default("migrations"),
  /** Leaves pending migrations where they are; the preview says so. */
  skip: z.boolean().default(false),
  /** How long a migration may take that says nothing itself; in a transaction 50 seconds at most. */
  timeout: duration("10m"),
  /** What becomes of this release's migrations when one fails: those before it stay, go back too, or all come out of the archive. */
  onFailure: z.enum(["stop", "revert-run", "restore"]).default("stop"),
  /** Refuses a pending migration that has no way back. */
  requireDown: z.boolean().default(false),
  /** The app is in maintenance mode while contract migrations run; unless given, everywhere but in development. */
  maintenance: z.boolean().optional(),
  /** Versions of a database ahead of this code that it lives with; without it a database ahead is refused. */
  schema: z
    .strictObject({ min: schemaVersion, max: schemaVersion })
    .refine(({ min, max }) => min <= max, "min no later than max")
    .optional(),
  /** A preview really runs what is pending, on a throw-away database of this machine. */
  rehearsal: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Documents of each affected collection that are copied for it. */
      sample: z.int().min(1).max(100_000, "1 to 100000 documents").default(1000),
      timeout: duration("60s"),
    })
    .prefault({}),
});

type MigrationSettings = z.infer<typeof migrationSettings>;

/** The settings as a release takes them. */
export function migrationsWanted(
  { folder, timeout, onFailure, requireDown, schema, rehearsal, maintenance }: MigrationSettings,
  environment: string,
) {
  const { enabled, sample, timeout: timeoutMs } = rehearsal;
  return {
    folder,
    rules: {
      ...{ timeoutMs: timeout, onFailure, requireDown, schema: schema ?? null },
      // A stack without it keeps the very inputs that its state knows.
      ...((maintenance ?? environment !== "development") && { maintenance: true }),
    },
    rehearsal: enabled ? { sample, timeoutMs } : null,
  };
}

/** What the app needs to tell a database that it lives with from one that it does not. */
export function schemaRange({ schema }: MigrationSettings): Record<string, string> {
  return schema ? { SCHEMA_MIN: schema.min, SCHEMA_MAX: schema.max } : {};
}
