import { z } from "zod";

/** PagerDuty, Events API v2: https://developer.pagerduty.com/docs/send-alert-event */
export const pagerDutyEvent = z.discriminatedUnion("event_action", [
  z.strictObject({
    routing_key: z.string().length(32),
    event_action: z.literal("trigger"),
    dedup_key: z.string().min(1).max(255),
    client: z.string().optional(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(["critical", "error", "warning", "info"]),
      timestamp: z.iso.datetime().optional(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  z.strictObject({
    routing_key: z.string().length(32),
    event_action: z.enum(["acknowledge", "resolve"]),
    dedup_key: z.string().min(1).max(255),
  }),
]);

const plainText = z.strictObject({
  type: z.literal("plain_text"),
  text: z.string().min(1).max(150),
  emoji: z.boolean().optional(),
});
/** Of `&`, `<` and `>` only the escaped forms are plain text to Slack. */
const mrkdwn = z.strictObject({
  type: z.literal("mrkdwn"),
  text: z
    .string()
    .min(1)
    .max(3000)
    .regex(/^(?:[^&<>]|&(?:amp|lt|gt);)*$/),
  verbatim: z.boolean().optional(),
});
const block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("header"), text: plainText }),
  z.strictObject({ type: z.literal("section"), text: mrkdwn }),
  z.strictObject({ type: z.literal("context"), elements: z.array(mrkdwn).min(1).max(10) }),
]);

/** Slack's messages: https://docs.slack.dev/reference/block-kit/blocks and the text object beside it. */
export const slackMessage = z.strictObject({
  text: z.string().regex(/^(?:[^&<>]|&(?:amp|lt|gt);)*$/),
  blocks: z.array(block).min(1).max(50),
  channel: z.string().optional(),
  username: z.string().optional(),
  thread_ts: z.string().optional(),
  reply_broadcast: z.boolean().optional(),
  unfurl_links: z.boolean().optional(),
});

/** GitHub: https://docs.github.com/en/rest/deployments */
export const githubDeployment = z.strictObject({
  ref: z.string().min(1),
  environment: z.string(),
  description: z.string().max(140),
  auto_merge: z.boolean(),
  required_contexts: z.array(z.string()),
  production_environment: z.boolean(),
  payload: z.record(z.string(), z.unknown()).optional(),
});
export const githubStatus = z.strictObject({
  state: z.enum(["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]),
  description: z.string().max(140),
  environment: z.string(),
});
