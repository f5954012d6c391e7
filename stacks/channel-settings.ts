import { z } from "zod";
import { hasNoLogin, secret } from "./setting-kinds";

const mailAddress = z.email({ error: "an address such as team@example.com" });
const sender = z
  .string()
  .regex(
    /^([^\p{C}<>"]{1,80} <)?[^\s<>@]+@[^\s<>@]+>?$/u,
    "an address such as alerts@example.com, or Name <it>",
  );
const base = z
  .url({ protocol: /^https?$/, error: "an address that begins with https://" })
  .refine(hasNoLogin, "an address without a login in it");
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, "small letters, digits and hyphens, at most 41, a letter first");
/** What goes into a header is one line of plain characters. */
const headers = z.record(
  z.string().regex(/^[A-Za-z0-9-]{1,60}$/, "letters, digits and hyphens"),
  z.string().regex(/^[\x20-\x7e]{0,500}$/, "one line of plain characters"),
);

const level = z.enum(["warning", "critical"]);
const anyChannel = {
  /** Tells channels of one type apart; the type unless given. */
  name: name.optional(),
  /** Alerts below this level do not go through it. */
  minimum: level.default("warning"),
  /** The name of the channel that stands in while this one fails. */
  fallback: name.optional(),
};

const slackConfig = z.strictObject({
  /** The address of an incoming web hook; SLACK_WEBHOOK_URL stands above it. */
  webhook: secret.optional(),
  /** A bot's token with chat:write: then incidents and releases are threads. */
  token: secret.optional(),
  channel: z.string().min(1).max(80).optional(),
  username: z.string().min(1).max(80).optional(),
  apiUrl: base.default("https://slack.com/api"),
});

const smtp = z
  .strictObject({
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:-]{1,253}$/, "the name of a host")
      .default("localhost"),
    port: z.int().min(1).max(65535).optional(),
    /** Implicit: from the first byte; required: STARTTLS or nothing; none: only for a server on this machine. */
    tls: z.enum(["implicit", "required", "none"]).optional(),
    user: z.string().min(1).optional(),
    password: secret.optional(),
  })
  .transform(({ host, port, tls, ...login }) => {
    const isHere = ["localhost", "127.0.0.1", "::1"].includes(host);
    const wanted = tls ?? (port === 465 ? "implicit" : isHere ? "none" : "required");
    return {
      host,
      port: port ?? (wanted === "implicit" ? 465 : isHere ? 25 : 587),
      tls: wanted,
      isHere,
      ...login,
    };
  })
  .refine(({ tls, password, isHere }) => tls !== "none" || password === undefined || isHere, {
    path: ["tls"],
    error: "implicit or required, where a password goes to another host",
  });

const emailConfig = z.strictObject({
  /** ALERT_EMAILS stands above them. */
  recipients: z.array(mailAddress).min(1, "at least one address").max(50, "50 at most"),
  from: sender.default("D&D Tracker <alerts@localhost>"),
  /** Where mail is handed in; SMTP_HOST and the like stand above it. */
  smtp: smtp.prefault({}),
});

const pagerDutyConfig = z.strictObject({
  /** Of an integration of the kind Events API v2; PAGERDUTY_INTEGRATION_KEY stands above it. */
  integrationKey: secret.optional(),
  urgency: z.enum(["high", "low"]).default("high"),
  eventsUrl: base.default("https://events.pagerduty.com/v2/enqueue"),
});

const webhookConfig = z.strictObject({
  url: base,
  /** Signs every document: HMAC-SHA256 with the time. */
  secret: secret.optional(),
  headers: headers.default({}),
});

const githubConfig = z.strictObject({
  /** Whose deployments are told of: owner/name. */
  repository: z.string().regex(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/, "owner/name"),
  /** With the right to write deployments; GITHUB_TOKEN stands above it. */
  token: secret.optional(),
  apiUrl: base.default("https://api.github.com"),
});

/** A way to reach people, strict for each type. */
export const channelSetting = z
  .discriminatedUnion(
    "type",
    [
      z.strictObject({ type: z.literal("slack"), ...anyChannel, config: slackConfig }),
      z.strictObject({ type: z.literal("email"), ...anyChannel, config: emailConfig }),
      z.strictObject({
        type: z.literal("pagerduty"),
        ...anyChannel,
        // It wakes people.
        minimum: level.default("critical"),
        config: pagerDutyConfig,
      }),
      z.strictObject({ type: z.literal("webhook"), ...anyChannel, config: webhookConfig }),
      z.strictObject({ type: z.literal("github"), ...anyChannel, config: githubConfig }),
    ],
    { error: "type slack, email, pagerduty, webhook or github" },
  )
  .transform((channel) => ({ ...channel, name: channel.name ?? channel.type }));

export type ChannelSetting = z.infer<typeof channelSetting>;
