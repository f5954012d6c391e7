import type { SendOutcome } from "../../../drivers/web-hooks";
import type { Message, Route } from "../outbox/message";
import type { ChannelSettings } from "../settings";

/** A message at the moment of its sending. */
export interface Sending {
  message: Message;
  /** What the service called the first message of the same thread. */
  threadReceipt?: Record<string, string> | undefined;
  deadlineMs: number;
  signal?: AbortSignal | undefined;
  now: Date;
}

/** A way to reach people. */
export interface Channel extends Route {
  type: ChannelSettings["type"];
  /** Never throws: what goes wrong is an outcome. */
  send(sending: Sending): Promise<SendOutcome>;
}

/** What is said to people where a message may have reached them before. */
export const repeatedNote = "possibly repeated: it is not known whether this arrived before";
