import { postJson, type SendOutcome } from "../../../drivers/web-hooks";
import type { Letter } from "../outbox/letter";
import { threadName } from "../outbox/message";
import type { PagerDutyChannel } from "../settings";
import { repeatedNote, type Channel, type Sending } from "./channel";

const summaryAtMost = 1_024;
type Action = "trigger" | "acknowledge" | "resolve";

const actions: Partial<Record<Letter["event"], Action>> = {
  fired: "trigger",
  worse: "trigger",
  acknowledged: "acknowledge",
  resolved: "resolve",
  test: "trigger",
};

/** PagerDuty, Events API v2: all events of one incident bear one key, so a second trigger is no second page. */
export function pagerDutyChannel(settings: PagerDutyChannel): Channel {
  const { name, minimum, fallback } = settings;
  return {
    ...{ type: "pagerduty", name, minimum, fallback },
    // It has reminders of its own.
    takes: ({ about, event }) => about !== "release" && actions[event] !== undefined,
    async send(sending) {
      const { event } = sending.message.letter;
      const outcome = await enqueue(settings, actions[event] ?? "trigger", sending);
      // A test leaves nobody with an incident to close.
      if (event !== "test" || outcome.kind !== "delivered") return outcome;
      return enqueue(settings, "resolve", sending);
    },
  };
}

async function enqueue(
  { config }: PagerDutyChannel,
  action: Action,
  { message, deadlineMs, signal }: Sending,
): Promise<SendOutcome> {
  const { letter } = message;
  if (config.integrationKey === undefined) return { kind: "refused", detail: "no integration key is set" };
  const body = {
    routing_key: config.integrationKey.reveal(),
    event_action: action,
    dedup_key: threadName(letter),
    ...(action === "trigger" && {
      client: "D&D Tracker",
      payload: {
        summary: `[${letter.environment}] ${letter.title}`.slice(0, summaryAtMost),
        source: `dnd-tracker ${letter.environment}`,
        severity: severityOf(letter, config.urgency),
        timestamp: letter.at.toISOString(),
        component: "dnd-tracker",
        group: letter.environment,
        class: letter.event,
        custom_details: {
          text: letter.lines.join("\n"),
          ...(letter.release !== undefined && { release: letter.release }),
          ...(message.possiblyRepeated && { note: repeatedNote }),
        },
      },
    }),
  };
  return (await postJson({ url: config.eventsUrl, body, deadlineMs, signal })).outcome;
}

/** PagerDuty makes urgency out of severity: what is to be of low urgency is never critical. */
function severityOf({ level }: Letter, urgency: "high" | "low"): "critical" | "warning" | "info" {
  if (level === null) return "info";
  return urgency === "low" ? "warning" : level;
}
