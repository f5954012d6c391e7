import { z } from "zod";
import { OperatorError, Secret } from "../infra/support";

/** What is told in a header of every answer. */
const headerText = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, "printable characters without blanks, at most 200");
const schemaVersion = z.string().regex(/^\d{14}$/, "a migration's version: 14 digits");
const port = z.coerce.number().int().min(0).max(65535);

const environment = z.object({
  /** 0 lets the system choose, as tests do. */
  PORT: port.default(3000),
  /** Only a container listens to the world. */
  HOST: z.string().min(1).default("127.0.0.1"),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/\S+$/, "an address that begins with mongodb:// or mongodb+srv://")
    .transform((uri) => new Secret(uri)),
  MONGODB_DB_NAME: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,37}$/, "letters, digits, - and _, at most 38, a letter first")
    .default("dnd-tracker"),
  APP_VERSION: headerText.default("0.0.0"),
  GIT_SHA: z.string().optional(),
  IMAGE_DIGEST: headerText.optional(),
  DEPLOY_ENV: z.string().min(1).default("development"),
  MACHINE_ID: headerText.optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  NODE_ENV: z.string().default("development"),
  /** Versions of the migrations that this edition cannot live without, separated by commas. */
  MIGRATIONS: z
    .string()
    .transform((list) => list.split(",").flatMap((version) => version.trim() || []))
    .optional(),
  /** "true": everybody but health checks sees the maintenance page, whatever the switch in the database says. */
  MAINTENANCE_MODE: z.string().optional(),
  /** Set by Fly, whose proxy then says where a request comes from. */
  FLY_APP_NAME: z.string().optional(),
  /** The oldest and the newest version of the schema that this edition lives with; without them any later one. */
  SCHEMA_MIN: schemaVersion.optional(),
  SCHEMA_MAX: schemaVersion.optional(),
  /** For so many seconds browsers that were here once come by TLS alone. */
  HSTS_MAX_AGE: z.coerce.number().int().min(0).optional(),
  /** Origins whose pages may use the API, separated by commas. */
  CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(",").flatMap((origin) => origin.trim() || []))
    .default([]),
  /** So many requests a minute of each client, health checks apart; no limit without it. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).optional(),
  /** Lets its bearer write figures and resolve alerts by the monitoring API; without it nobody can. */
  MONITORING_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/, "16 to 200 printable characters without blanks")
    .transform((token) => new Secret(token))
    .optional(),
  /** How long the app goes on answering, with a health that says it is leaving, once it is asked to stop. */
  STOP_DELAY_MS: z.coerce.number().int().min(0).default(200),
  /** How long requests in flight may take after that, in milliseconds. */
  STOP_TIMEOUT_MS: z.coerce.number().int().min(0).default(8000),
});

/** What the app is told by its environment; every default is one for a developer's machine. */
export type AppSettings = z.infer<typeof environment>;

/** Reads the environment; every wrong variable is told at once. */
export function readAppSettings(env: Record<string, string | undefined>): AppSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new OperatorError({
    code: "app-settings-wrong",
    kind: "usage",
    message: `the app's environment is wrong:\n${problems.join("\n")}`,
    remedy: "Set these variables, then start the app again.",
  });
}
