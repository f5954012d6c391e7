import { hostname } from "node:os";
import { OperatorError, whyNoAnswer, type Secret } from "../../infra/support";
import { usageOf } from "../actions";
import type { RotateContext, Rotator } from "./context";
import { beginRotation, dropRotation, endRotation, markOf, nameIn } from "./journal";
import { newSecret } from "./new-secret";

const variable = "DND_WEBHOOK_NEW";
const patienceMs = 10_000;
const channels = ["slack", "webhook", "pagerduty"] as const;

type Channel = (typeof channels)[number];

/** The address or key that alerts are sent by: a notice is sent by it before the old one is given up. */
export const webhooks: Rotator = {
  async begin(context) {
    const channel = channelOf(context);
    const secret = await newSecret(variable, `secret of the channel ${channel}`, context.terminal);
    const mark = markOf(secret);
    await prove(channel, secret, context);
    if (context.open && context.open.mark !== mark) await dropRotation(context.ops, context.open);
    if (context.open?.mark !== mark)
      await beginRotation(context.ops, { secret: nameIn("webhooks", channel), mark });
    return {
      state: "overlap",
      done: `a notice was sent to ${channel} by the new secret, and the old one is still in use`,
      next: `Look whether it arrived, set the new one (\`dnd alerts test\` uses it), then \`dnd ops rotate webhooks --channel ${channel} --finish\` with ${variable} still set.`,
    };
  },
  async finish(context) {
    const channel = channelOf(context);
    const secret = await newSecret(variable, `secret of the channel ${channel}`, context.terminal);
    if (markOf(secret) !== context.open.mark) throw other();
    await prove(channel, secret, context);
    await endRotation(context.ops, context.open);
    return {
      state: "done",
      done: `the new secret of ${channel} is in use`,
      next: "End the old one where it was made.",
    };
  },
};

function channelOf({ channel }: RotateContext): Channel {
  const known = channels.find((one) => one === channel);
  if (known) return known;
  throw usageOf("ops")(`\`rotate webhooks\` wants --channel: ${channels.join(", ")}`);
}

async function prove(channel: Channel, secret: Secret, { stack }: RotateContext): Promise<void> {
  const text = `The secret of this channel is being changed (stack ${stack}, from ${hostname()}). Nothing is wrong.`;
  const { url, body } = noticeOf(channel, secret, text);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
  } catch (error) {
    throw refused(channel, whyNoAnswer(error).reason);
  }
  if (!answer.ok) throw refused(channel, `it answered ${answer.status}`);
}

/** The key of PagerDuty goes into the event; of the others the address itself is the secret. */
function noticeOf(channel: Channel, secret: Secret, text: string): { url: string; body: unknown } {
  const url = secret.reveal();
  if (channel !== "pagerduty") return { url, body: { text } };
  const base = process.env.PAGERDUTY_EVENTS_URL ?? "https://events.pagerduty.com";
  return {
    url: `${base}/v2/change/enqueue`,
    body: { routing_key: url, payload: { summary: text, timestamp: new Date().toISOString() } },
  };
}

/** Says nothing of the address, which is the secret. */
function refused(channel: Channel, why: string): OperatorError {
  return new OperatorError({
    code: "rotation-not-proven",
    message: `the new secret of ${channel} does not work: ${why}`,
    remedy: "The old one is still in use. Make another one and run the command again.",
  });
}

function other(): OperatorError {
  return new OperatorError({
    code: "rotation-not-in-use",
    kind: "refused",
    message: `${variable} is not the secret that was proven`,
    remedy: "Set it to that one, or begin again.",
  });
}
