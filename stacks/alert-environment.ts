import { channelSecretsVariable } from "./alert-settings";

type Raw = Record<string, unknown>;

/** The channels as the guides' variables have them: those stand above the stack's, and bring a channel where it has none. */
export function channelsFromEnvironment(given: unknown, env: NodeJS.ProcessEnv): unknown {
  if (given !== undefined && !Array.isArray(given)) return given;
  const channels = structuredClone(given ?? []) as unknown[];
  const kept = secretsOf(env[channelSecretsVariable]);
  for (const channel of channels.filter(isObject)) {
    const name = channel.name ?? channel.type;
    if (typeof name === "string" && kept[name] !== undefined) giveSecret(channel, kept[name]);
  }
  const each = (type: string, isThere: boolean, change: (config: Raw) => void) => {
    if (!isThere) return;
    const own = channels.filter(isObject).filter((channel) => channel.type === type);
    const fresh = { type, config: {} };
    if (own.length === 0) channels.push(fresh);
    for (const channel of own.length === 0 ? [fresh] : own)
      if (isObject(channel.config)) change(channel.config);
  };
  each("slack", isSet(env.SLACK_WEBHOOK_URL), (config) => {
    if (config.token === undefined) config.webhook = env.SLACK_WEBHOOK_URL;
  });
  each("email", isSet(env.ALERT_EMAILS), (config) => {
    config.recipients = env.ALERT_EMAILS?.split(/[\s,;]+/).filter(Boolean);
  });
  each("pagerduty", isSet(env.PAGERDUTY_INTEGRATION_KEY), (config) => {
    config.integrationKey = env.PAGERDUTY_INTEGRATION_KEY;
  });
  const has = (type: string) => channels.some((channel) => isObject(channel) && channel.type === type);
  each("email", has("email"), (config) => withSmtp(config, env));
  each("github", has("github") && isSet(env.GITHUB_TOKEN), (config) => {
    config.token = env.GITHUB_TOKEN;
  });
  return channels.length === 0 ? given : channels;
}

/** SMTP_HOST, _PORT, _SECURE, _USER, _PASSWORD (or _PASS) and _FROM. */
function withSmtp(config: Raw, env: NodeJS.ProcessEnv): void {
  const smtp: Raw = isObject(config.smtp) ? config.smtp : {};
  const set = (name: string, value: unknown) => {
    if (value !== undefined && value !== "") smtp[name] = value;
  };
  set("host", env.SMTP_HOST);
  set("port", isSet(env.SMTP_PORT) ? Number(env.SMTP_PORT) : undefined);
  set("tls", env.SMTP_SECURE === "true" ? "implicit" : undefined);
  set("user", env.SMTP_USER);
  set("password", env.SMTP_PASSWORD ?? env.SMTP_PASS);
  if (isSet(env.SMTP_FROM)) config.from = env.SMTP_FROM;
  if (Object.keys(smtp).length > 0) config.smtp = smtp;
}

function giveSecret(channel: Raw, value: string): void {
  const config = (channel.config ??= {}) as Raw;
  switch (channel.type) {
    case "slack":
      return void (config[value.startsWith("xox") ? "token" : "webhook"] = value);
    case "email":
      return void (config.smtp = { ...(isObject(config.smtp) && config.smtp), password: value });
    case "pagerduty":
      return void (config.integrationKey = value);
    case "webhook":
      return void (config.secret = value);
    case "github":
      return void (config.token = value);
  }
}

function secretsOf(text: string | undefined): Record<string, string> {
  if (!isSet(text)) return {};
  try {
    const parsed: unknown = JSON.parse(text ?? "");
    if (!isObject(parsed)) return {};
    return Object.fromEntries(
      Object.entries(parsed).filter((one): one is [string, string] => typeof one[1] === "string"),
    );
  } catch {
    return {};
  }
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== "";
}

function isObject(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
