import { postJson, type SendOutcome } from "../../../drivers/web-hooks";
import type { SlackChannel } from "../settings";
import type { Channel, Sending } from "./channel";
import { slackBody, type SlackBody } from "./slack-blocks";

/** Slack: by a bot's token each incident and each release is a thread; by a web hook every message stands alone. */
export function slackChannel(settings: SlackChannel): Channel {
  const { name, minimum, fallback, config } = settings;
  return {
    ...{ type: "slack", name, minimum, fallback, takes: () => true },
    send(sending) {
      const body = slackBody(sending.message.letter, sending.message.possiblyRepeated);
      if (config.token !== undefined) return asBot(settings, config.token.reveal(), body, sending);
      if (config.webhook !== undefined) return throughHook(settings, config.webhook.reveal(), body, sending);
      return Promise.resolve({ kind: "refused", detail: "neither a web hook nor a token is set" });
    },
  };
}

async function throughHook(
  { config: { channel, username } }: SlackChannel,
  url: string,
  body: SlackBody,
  { deadlineMs, signal }: Sending,
): Promise<SendOutcome> {
  const document = { ...body, ...(channel && { channel }), ...(username && { username }) };
  return (await postJson({ url, body: document, deadlineMs, signal })).outcome;
}

interface SlackAnswer {
  ok?: boolean;
  error?: string;
  ts?: string;
  channel?: string;
}
const worthAnotherTry = new Set(["ratelimited", "rate_limited", "service_unavailable"]);
const perhapsDone = new Set(["internal_error", "fatal_error", "request_timeout"]);

async function asBot(
  { config: { apiUrl, channel, username } }: SlackChannel,
  token: string,
  body: SlackBody,
  { message, threadReceipt, deadlineMs, signal }: Sending,
): Promise<SendOutcome> {
  const thread = threadReceipt?.ts;
  const isLoud = message.letter.event === "worse" || message.letter.event === "failed";
  const answer = await postJson({
    url: `${apiUrl.replace(/\/+$/, "")}/chat.postMessage`,
    headers: { authorization: `Bearer ${token}` },
    body: {
      ...body,
      channel: threadReceipt?.channel ?? channel,
      ...(username && { username }),
      ...(thread && { thread_ts: thread, ...(isLoud && { reply_broadcast: true }) }),
      unfurl_links: false,
    },
    ...{ deadlineMs, signal },
  });
  if (answer.outcome.kind !== "delivered") return answer.outcome;
  const said = (typeof answer.body === "object" && answer.body !== null ? answer.body : {}) as SlackAnswer;
  if (said.ok === true) {
    const place = { ...(said.ts && { ts: said.ts }), ...(said.channel && { channel: said.channel }) };
    return { kind: "delivered", detail: "posted", receipt: place };
  }
  const detail = `Slack says ${typeof said.error === "string" ? said.error.slice(0, 100) : "nothing of use"}`;
  if (worthAnotherTry.has(said.error ?? "")) return { kind: "later", detail };
  if (said.error === undefined || perhapsDone.has(said.error)) return { kind: "unknown", detail };
  return { kind: "refused", detail };
}
