import { z } from "zod";
import { OperatorError } from "../infra/support";
import { channelsFromEnvironment } from "./alert-environment";
import { alertSettings } from "./alert-settings";
import { appSettings } from "./app-settings";
import { bucketSettings } from "./bucket-settings";
import { laidOver, settingsBelow } from "./config-files";
import { contradictions } from "./contradictions";
import { databaseSettings, growsUpwards } from "./database-settings";
import { gateSettings } from "./gate-settings";
import { migrationSettings } from "./migration-settings";
import { monitorSettings } from "./monitoring-settings";
import { isSecretPath, mayHoldSecrets } from "./secret-paths";
import { namedAfterStack } from "./named-after-stack";
import { platformSetting } from "./platform-setting";
import { promotionSettings } from "./promotion-settings";
import { snapshotSetting } from "./snapshot-settings";
import { verificationSettings } from "./verification-settings";

const project = "dnd-tracker";

const publicKey = z.string().regex(/^age1[0-9a-z]+$/, "a public key of age: age1…");

const place = z.string().min(1, "a folder or an s3:// address");
/** Archives are made in the first store and copied to the others. */
const stores = z.union([place, z.array(place).min(1).max(5)], {
  error: "a folder, an s3:// address, or a list of up to 5 of them",
});

const backupGroup = z.strictObject({
  /** Without it a release changes data with no way back. */
  enabled: z.boolean().default(true),
  /** A folder (below `.dnd/` unless absolute) or an s3:// address; of a list the first takes archives, the others copies. */
  store: stores
    .refine((given) => typeof given === "string" || new Set(given).size === given.length, {
      error: "each store once",
    })
    .default("backups"),
  /** Of a stack whose database is at Atlas: the bucket that the store is. */
  bucket: bucketSettings.prefault({}),
  compression: z.enum(["default", "small", "fast", "none"]).default("default"),
  /** Public keys of age that archives are encrypted for; without any they are not. */
  recipients: z.array(publicKey).optional(),
  /** One more, whose private half is kept offline for the day on which all others are lost. */
  recoveryRecipient: publicKey.optional(),
  /** What prune keeps; a rule that is 0 keeps nothing by itself. */
  retention: z
    .strictObject({
      /** The newest so many, however old. */
      keepLast: z.int().min(1).default(1),
      /** Everything younger. */
      days: z.int().min(1).default(7),
      /** The newest of each of so many days, weeks and months that have one. */
      daily: z.int().min(0).default(0),
      weeks: z.int().min(0).default(4),
      months: z.int().min(0).default(6),
      /** Archives of so many of the newest releases stay, for the way back. */
      releases: z.int().min(1).default(5),
    })
    .prefault({}),
  /** A release goes on only when its archive was restored on a server of its own and compared. */
  restoreTest: z.boolean().default(false),
  /** The cluster at Atlas that makes a snapshot beside each release's archive, or false; without it production's own. */
  snapshot: z
    .union([z.literal(false), snapshotSetting], {
      error: "project and cluster by their names at Atlas, or false",
    })
    .optional(),
  /** The time of every day, as UTC, or `off`; without it 03:00 in staging and production. */
  schedule: z
    .string()
    .regex(/^(off|([01]\d|2[0-3]):[0-5]\d)$/, "a time of the day such as 03:00, or off")
    .optional(),
});
/** Read as the store where archives are made, and those that get copies. */
const backup = backupGroup.transform(({ store, ...rest }) => {
  const [first = "", ...copies] = typeof store === "string" ? [store] : store;
  return { ...rest, store: first, copies };
});

const release = z.strictObject({
  requireConfirmation: z.boolean().default(false),
  /** What a release that failed left in schema and machines is taken back by itself. */
  autoRollback: z.boolean().default(true),
  /** Data too, where an archive is the only way back and nobody has written since. */
  autoRestore: z.boolean().default(false),
  verification: verificationSettings.prefault({}),
  promotion: promotionSettings.prefault({}),
  ...gateSettings,
});

const monitoring = z.strictObject({ ...monitorSettings, ...alertSettings });

/** The truth about the settings of a stack: groups, types, defaults and what is allowed. */
export const settingsSchema = z
  .strictObject({
    /** Decides protection, backups and how strict the checks are. */
    environment: z.enum(["development", "staging", "production"]),
    /** A stack whose outputs other settings may name as `platform:OUTPUT`. */
    platform: platformSetting.optional(),
    app: appSettings.prefault({}),
    database: databaseSettings.prefault({ kind: "embedded" }),
    backup: backup.prefault({}),
    migrations: migrationSettings.prefault({}),
    release: release.prefault({}),
    monitoring: monitoring.prefault({}),
  })
  .refine(({ backup: { enabled }, migrations: { onFailure } }) => enabled || onFailure !== "restore", {
    path: ["migrations", "onFailure"],
    message: "stop or revert-run, while backup.enabled is off",
  })
  .refine(({ database }) => growsUpwards(database), {
    path: ["database", "largestTier"],
    message: "database.tier or a larger one",
  });

/** The public keys that archives of a stack are encrypted for, the offline one with them. */
export function archiveReaders({ backup: { recipients = [], recoveryRecipient } }: Settings): string[] {
  return recoveryRecipient === undefined ? recipients : [...recipients, recoveryRecipient];
}

const nightly = "03:00";

/** When backups of a stack are made by themselves, as "HH:MM" in UTC; null where they are not. */
export function backupSchedule({ environment, backup: { enabled, schedule } }: Settings): string | null {
  const wanted = schedule ?? (environment === "development" ? "off" : nightly);
  return enabled && wanted !== "off" ? wanted : null;
}

export type Settings = z.infer<typeof settingsSchema>;

/** One wrong setting: where, what stands there, and what would be right. */
export interface SettingsProblem {
  key: string;
  value: string;
  allowed: string;
}

export class SettingsError extends OperatorError {
  constructor(readonly problems: SettingsProblem[]) {
    super({
      code: "settings-wrong",
      kind: "usage",
      message: [
        "settings are wrong:",
        ...problems.map((p) => `  ${p.key}: ${p.value}; allowed: ${p.allowed}`),
      ].join("\n"),
      remedy: "Mend them with `pulumi config set --path` or in Pulumi.<stack>.yaml. Nothing was touched.",
    });
  }
}

/** Reads the settings of a stack from its configuration values ("dnd-tracker:app" and so on) and the environment. */
export function readSettings(
  values: Record<string, string>,
  environment: NodeJS.ProcessEnv = process.env,
  stack = "pr",
): Settings {
  const own = namedAfterStack(ownValues(values), stack);
  const raw = withEnvironment(laidOver(settingsBelow(own.environment), own), environment);
  const parsed = settingsSchema.safeParse(raw);
  const contradicted = contradictions({ stack, environment: raw.environment }, environment);
  if (parsed.success && contradicted.length === 0) return parsed.data;
  const issues = parsed.error?.issues ?? [];
  throw new SettingsError([...contradicted, ...issues.flatMap((issue) => problemsOf(issue, raw))]);
}

function ownValues(values: Record<string, string>): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(values)) {
    const [namespace, group] = key.split(":");
    if (namespace === project && group) own[group] = parseValue(text);
  }
  return own;
}

/** Groups come as JSON; a plain value such as `environment` as its text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The guides' environment variables stand above the stack's settings. */
function withEnvironment(raw: Record<string, unknown>, env: NodeJS.ProcessEnv): Record<string, unknown> {
  const merged = structuredClone(raw);
  const set = (group: string, path: string[], value: unknown) => {
    if (value === undefined || value === "") return;
    let place = (merged[group] ??= {}) as Record<string, unknown>;
    for (const step of path.slice(0, -1)) place = (place[step] ??= {}) as Record<string, unknown>;
    place[path.at(-1) ?? ""] = value;
  };
  const kind = (raw.database as { kind?: string } | undefined)?.kind ?? "embedded";
  if (merged.database === undefined && env.MONGODB_DB_NAME) merged.database = { kind };
  set("database", ["name"], env.MONGODB_DB_NAME);
  if (kind === "uri") set("database", ["uri"], env.MONGODB_URI);
  if (kind === "atlas") set("database", ["key"], env.DND_DATABASE_KEY);
  set("app", ["secrets", "NEXTAUTH_SECRET"], env.NEXTAUTH_SECRET);
  set("app", ["env", "NEXTAUTH_URL"], env.NEXTAUTH_URL);
  set("migrations", ["skip"], flag(env.SKIP_MIGRATIONS));
  set("backup", ["enabled"], flag(env.BACKUP_ENABLED));
  const { channels } = (raw.monitoring ?? {}) as { channels?: unknown };
  set("monitoring", ["channels"], channelsFromEnvironment(channels, env));
  return merged;
}

/** A variable that says true or false; anything else is left to the settings' own judgement. */
function flag(text: string | undefined): unknown {
  return text === "true" || text === "false" ? text === "true" : text;
}

function problemsOf(issue: z.core.$ZodIssue, raw: Record<string, unknown>): SettingsProblem[] {
  const key = (path: PropertyKey[]) => [project, path.map(String).join(".")].join(":");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((unknown) => ({
      key: key([...issue.path, unknown]),
      value: "is set",
      allowed: "no such setting exists",
    }));
  }
  return [
    { key: key(issue.path), value: shown(valueAt(raw, issue.path), issue.path), allowed: allowedBy(issue) },
  ];
}

function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return issue.values.map(String).join(", ");
  if (issue.code === "invalid_type")
    return `${/^[aeiou]/.test(issue.expected) ? "an" : "a"} ${issue.expected}`;
  if (issue.code === "invalid_union" && issue.discriminator !== undefined && issue.path[0] === "database")
    return "kind embedded, uri or atlas";
  return issue.message;
}

function valueAt(raw: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step],
    raw,
  );
}

/** Secrets are never shown, wherever a wrong setting is. */
function shown(value: unknown, path: PropertyKey[]): string {
  if (value === undefined) return "is missing";
  const hidden = isSecretPath(path) || (mayHoldSecrets(path) && ["object", "string"].includes(typeof value));
  if (hidden) return "[secret]";
  return `is ${JSON.stringify(value).replace(/\/\/[^/?#\s"]*@/g, "//[secret]@")}`;
}
