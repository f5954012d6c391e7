import type { Db } from "mongodb";
import type { AlertSettings, ChannelSettings } from "../../infra/engines/alerts";
import { encrypted } from "../../stacks/secret-paths";
import { readSettings, type Settings } from "../../stacks/settings";
import { namedUri, type DatabaseOptions } from "../named-database";
import { atOperations } from "../operations-database";

type AlertChannels = Pick<AlertSettings, "monitoring">;

/** The settings that alerts go by: the stack's, or where a database was named those of the environment. */
export async function alertSettingsOf(options: DatabaseOptions): Promise<Settings> {
  if (namedUri(options) !== undefined) return settingsOfEnvironment();
  const { settingsOf } = require("../stack-settings") as typeof import("../stack-settings");
  return settingsOf(options.stack);
}

/** What the guides' variables alone make of the settings. */
export function settingsOfEnvironment(environment = process.env.DEPLOY_ENV ?? "development"): Settings {
  return readSettings({ "dnd-tracker:environment": environment });
}

/** The settings with the channels alone whose secrets this process can read; the others are the monitor's. */
export function readable(settings: { monitoring: AlertSettings["monitoring"] }): AlertChannels {
  const { monitoring } = settings;
  return { monitoring: { ...monitoring, channels: monitoring.channels.filter((one) => !isEncrypted(one)) } };
}

/** Whether a channel's secret stands encrypted in the settings, where it opens nothing. */
export function isEncrypted({ config }: ChannelSettings): boolean {
  const smtp = "smtp" in config ? [config.smtp.password] : [];
  const given = Object.values(config as Record<string, unknown>);
  return [...given, ...smtp].some(
    (value) =>
      typeof value === "object" && value !== null && "reveal" in value && revealed(value) === encrypted,
  );
}

function revealed(value: object): unknown {
  return (value as { reveal: () => unknown }).reveal();
}

/** Does something with the operations' database of what was named. */
export function withOps<T>(
  options: DatabaseOptions,
  work: (ops: Db, settings: Settings) => Promise<T>,
): Promise<T> {
  return atOperations(options, ({ ops, settings }) => work(ops, settings ?? settingsOfEnvironment()), {
    role: "backup",
    appName: "dnd-alerts",
    none: (stack) => ({
      code: "alerts-no-database",
      message: `the stack ${stack} has no database yet, and no alerts`,
      remedy: "`dnd up` brings it; or name another one with --uri and --db.",
    }),
  });
}
