import { z } from "zod";
import type { Secret } from "../infra/support";
import { channelSetting, type ChannelSetting } from "./channel-settings";
import { duration } from "./setting-kinds";

const limit = z.number().min(0, "a number, 0 or more").nullable();

/** When a figure warns and fails, in the place of the guides' numbers; null: never. */
const threshold = z.strictObject({
  warn: limit.optional(),
  fail: limit.optional(),
  /** How long it must last before anybody is told. */
  for: duration("0s").optional(),
  /** It is recorded and told to nobody. */
  dryRun: z.boolean().optional(),
  /** False: it is not judged. */
  enabled: z.boolean().optional(),
});

/** The figures that are judged; docs/alerts.md tells what each means. */
export const judgedFigures = [
  ...["errorPercent", "p95Ms", "meanResponseMs", "connectionsPercent", "poolPercent", "sessionsPercent"],
  ...["successPercent", "deploymentSeconds", "backupAgeHours", "backupUnverifiedHours", "restoreTestAgeDays"],
  ...[
    "retentionAgeHours",
    "drillAgeDays",
    "heartbeatAgeSeconds",
    "migrationStuckMinutes",
    "unhealthyMachines",
  ],
  ...["diskPercent", "certificateDays", "downtimeMinutes", "databaseDown", "serviceDown", "memoryPercent"],
  "failedJobs",
] as const;

const channels = z
  .array(channelSetting)
  .max(20, "20 at most")
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "each name once: give `name`s")
  .refine(
    (all) => all.every(({ fallback, name }) => fallback === undefined || fallback !== name),
    "another channel as its fallback",
  )
  .refine((all) => {
    const names = new Set(all.map(({ name }) => name));
    return all.every(({ fallback }) => fallback === undefined || names.has(fallback));
  }, "a fallback that is the name of a channel");

/** Who is told of alerts, and when. */
export const alertSettings = {
  channels: channels.default([]),
  thresholds: z
    .partialRecord(z.enum(judgedFigures, { error: `one of ${judgedFigures.join(", ")}` }), threshold)
    .default({}),
  /** After so long a warning that nobody ended becomes critical; `off`: never. */
  escalateAfter: z.union([z.literal("off").transform(() => null), duration("4h")]).prefault("4h"),
  /** After so long what is still open is told again. */
  remindAfter: z.strictObject({ warning: duration("24h"), critical: duration("4h") }).prefault({}),
};

/** The variable that carries the secrets of all channels, by their names, into a process that cannot decrypt settings. */
export const channelSecretsVariable = "DND_CHANNEL_SECRETS";

/** The secret of each channel that has one, by the channel's name. */
export function channelSecrets(given: readonly ChannelSetting[]): Record<string, Secret> {
  const found = given.map((channel) => [channel.name, secretOf(channel)] as const);
  return Object.fromEntries(found.filter((one): one is [string, Secret] => one[1] !== undefined));
}

function secretOf({ type, config }: ChannelSetting): Secret | undefined {
  switch (type) {
    case "slack":
      return config.token ?? config.webhook;
    case "email":
      return config.smtp.password;
    case "pagerduty":
      return config.integrationKey;
    case "webhook":
      return config.secret;
    case "github":
      return config.token;
  }
}
