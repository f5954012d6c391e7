import type { Alert } from "../alert";
import type { Message } from "../outbox/message";
import type { Quiet } from "../state/quiet";

/** One attempt to send a message, as `deliveries` keeps it. */
export interface Delivery {
  _id: string;
  version: 1;
  message: string;
  channel: string;
  attempt: number;
  at: Date;
  endedAt: Date | null;
  /** "sending" for ever where whoever was at it stopped. */
  outcome: "sending" | "delivered" | "refused" | "later" | "unknown";
  detail: string;
  possiblyRepeated: boolean;
}

/** What an attempt changes of its message. */
export type Settlement = Pick<
  Message,
  "state" | "dueAt" | "holder" | "heldSince" | "settledAt" | "possiblyRepeated" | "channelPausedUntil"
> & { lastDetail: string; receipt?: Record<string, string> };

/** Where alerts and messages are kept: the operations' database, or a file while that is away. */
export interface AlertStore {
  readonly place: "database" | "file";
  /** The alerts that something is still to be told of, or may be. */
  undone(): Promise<Alert[]>;
  quiet(now: Date): Promise<Quiet>;
  /** Keeps new alerts, but for those whose key has an open one already; tells which were kept. */
  begin(alerts: readonly Alert[]): Promise<Alert[]>;
  /** Keeps an alert that somebody raised; while one of its key is open that one is counted up, and worsened. */
  raise(alerts: readonly Alert[]): Promise<void>;
  /** Keeps what changed; what a person decided meanwhile stays. */
  keep(alerts: readonly Alert[]): Promise<void>;
  drop(alerts: readonly Alert[]): Promise<void>;
  /** Keeps messages; one that is there already stays as it is. */
  queue(messages: readonly Message[]): Promise<void>;
  /** What is not settled, in the order in which it was queued. */
  unsettled(): Promise<Message[]>;
  /** Takes a message for this sender; null where somebody else was faster. */
  claim(message: Message, holder: string, now: Date): Promise<Message | null>;
  /** Keeps what became of a claimed message; whatever else happened meanwhile, delivered is delivered. */
  settle(claimed: Message, after: Settlement): Promise<void>;
  /** Keeps an attempt in the journal, before it is made and after. */
  note(delivery: Delivery): Promise<void>;
  /** What the service called the first message of the same thread that it took. */
  threadReceipt(message: Message): Promise<Record<string, string> | undefined>;
}
