import type { Channel } from "./channels";
import { bounded } from "./outbox/letter";
import { messageFor } from "./outbox/message";
import type { ChannelTest } from "./test-letter";

/** What is told without anything being wrong, such as how a week went. */
export interface Notice {
  title: string;
  lines: string[];
  environment: string;
  now: Date;
  deadlineMs: number;
}

/** Nobody is woken by a report, and it is no deployment. */
const readByPeople: readonly Channel["type"][] = ["slack", "email", "webhook"];

/** Sends a report through every channel that people read, at once, and tells what came of each. */
export async function sendNotice(
  channels: readonly Channel[],
  { title, lines, environment, now, deadlineMs }: Notice,
): Promise<ChannelTest[]> {
  const letter = bounded({
    about: "test",
    event: "test",
    level: null,
    ...{ title, lines, environment, at: now },
    thread: `${environment}/report-${now.toISOString()}`,
  });
  return Promise.all(
    channels
      .filter(({ type }) => readByPeople.includes(type))
      .map(async ({ name, type, send }) => {
        const message = messageFor(letter, { name: "report", turn: 0 }, name, now);
        const outcome = await send({ message, deadlineMs, now });
        return { channel: name, type, outcome: outcome.kind, detail: outcome.detail };
      }),
  );
}
