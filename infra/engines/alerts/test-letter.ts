import type { SendOutcome } from "../../drivers/web-hooks";
import type { Channel } from "./channels";
import { messageFor } from "./outbox/message";

/** What came of a test message through one channel. */
export interface ChannelTest {
  channel: string;
  type: Channel["type"];
  outcome: SendOutcome["kind"];
  detail: string;
}

/** Sends one message through every channel at once and tells what came of each. */
export async function testChannels(
  channels: readonly Channel[],
  { environment, now, deadlineMs }: { environment: string; now: Date; deadlineMs: number },
): Promise<ChannelTest[]> {
  const letter = {
    about: "test" as const,
    event: "test" as const,
    level: null,
    title: "A test of this channel",
    lines: ["Nothing is wrong: somebody asked whether messages arrive here."],
    environment,
    at: now,
    thread: `${environment}/test-${now.toISOString()}`,
  };
  return Promise.all(
    channels.map(async ({ name, type, send }) => {
      const message = messageFor(letter, { name: "test", turn: 0 }, name, now);
      const outcome = await send({ message, deadlineMs, now });
      return { channel: name, type, outcome: outcome.kind, detail: outcome.detail };
    }),
  );
}
