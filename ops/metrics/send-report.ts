import { channelsOf, sendNotice } from "../../infra/engines/alerts";
import { OperatorError } from "../../infra/support";
import { readable, settingsOfEnvironment } from "../alerts";
import type { Terminal } from "../terminal";
import type { Operations } from "./with-operations";

const deadlineMs = 15_000;

/** Sends a report through the stack's channels; throws where it has none or where one of them did not take it. */
export async function sendReport(
  { settings, environment }: Operations,
  text: string,
  terminal: Terminal,
): Promise<void> {
  const { monitoring } = settings ?? settingsOfEnvironment();
  const channels = channelsOf(readable({ monitoring }));
  const title = `The week of ${environment}`;
  const lines = text.split("\n").filter((line) => line !== "");
  const sent = await sendNotice(channels, { title, lines, environment, now: new Date(), deadlineMs });
  for (const { channel, outcome, detail } of sent) terminal.say(`${channel}: ${outcome} ${detail}`);
  const failed = sent.filter(({ outcome }) => outcome !== "delivered").map(({ channel }) => channel);
  if (sent.length > 0 && failed.length === 0) return;
  throw new OperatorError({
    code: "report-not-sent",
    message:
      sent.length === 0 ? "there is no channel that people read" : `not delivered: ${failed.join(", ")}`,
    remedy: "monitoring.channels names them (slack, email, webhook); `dnd alerts test` tries each.",
  });
}
