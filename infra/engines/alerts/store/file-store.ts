import { isWorse, type Alert } from "../alert";
import { inOrder, type Message } from "../outbox/message";
import { nothingQuiet, type Quiet } from "../state/quiet";
import type { AwayPlace } from "./away-place";
import type { AlertStore, Delivery } from "./contract";
import { appendEntries, readAllEntries, readWhole, type AwayEntry } from "./journal-file";

/** What the monitor last saw in the database. */
export interface Remembered {
  alerts: Alert[];
  quiet: Quiet;
}

/** What a journal comes to. */
export interface AwayState {
  alerts: Map<string, Alert>;
  dropped: Set<string>;
  messages: Map<string, Message>;
  deliveries: Map<string, Delivery>;
}

/** Plays a journal's entries one after the other. */
export function played(entries: readonly AwayEntry[]): AwayState {
  const state: AwayState = {
    alerts: new Map(),
    dropped: new Set(),
    messages: new Map(),
    deliveries: new Map(),
  };
  for (const entry of entries) {
    if ("alert" in entry) state.alerts.set(entry.alert._id, entry.alert);
    else if ("message" in entry) state.messages.set(entry.message._id, entry.message);
    else if ("delivery" in entry) state.deliveries.set(entry.delivery._id, entry.delivery);
    else {
      state.alerts.delete(entry.dropped);
      state.dropped.add(entry.dropped);
    }
  }
  return state;
}

/** Alerts and messages in a file next to the monitor, each on the disk before it counts. */
export async function fileStore({ journal, remembered: file }: AwayPlace): Promise<AlertStore> {
  const remembered = await readWhole<Remembered>(file).catch(() => undefined);
  const state = played(await readAllEntries(journal));
  for (const alert of remembered?.alerts ?? [])
    if (!state.alerts.has(alert._id) && !state.dropped.has(alert._id)) state.alerts.set(alert._id, alert);
  const alertsKept = async (alerts: readonly Alert[]) => {
    await appendEntries(
      journal,
      alerts.map((alert) => ({ alert })),
    );
    for (const alert of alerts) state.alerts.set(alert._id, alert);
  };
  const messageKept = async (message: Message) => {
    await appendEntries(journal, [{ message }]);
    state.messages.set(message._id, message);
    return message;
  };
  return {
    place: "file",
    undone: async () => [...state.alerts.values()].filter(({ done }) => !done),
    quiet: async () => remembered?.quiet ?? nothingQuiet,
    async begin(alerts) {
      await alertsKept(alerts);
      return [...alerts];
    },
    async raise(raised) {
      const open = new Map(
        [...state.alerts.values()].filter(({ resolved }) => !resolved).map((one) => [one.key, one]),
      );
      for (const alert of raised) {
        const before = open.get(alert.key);
        const { level, text, title, seenAt } = alert;
        const worse = before && isWorse(level, before.level) ? { level, text, title } : {};
        open.set(alert.key, before ? { ...before, ...worse, seenAt, raised: before.raised + 1 } : alert);
      }
      const keys = new Set(raised.map(({ key }) => key));
      await alertsKept([...open.values()].filter(({ key }) => keys.has(key)));
    },
    keep: alertsKept,
    async drop(alerts) {
      await appendEntries(
        journal,
        alerts.map(({ _id }) => ({ dropped: _id })),
      );
      for (const { _id } of alerts) state.alerts.delete(_id);
    },
    async queue(messages) {
      const fresh = messages.filter(({ _id }) => !state.messages.has(_id));
      await appendEntries(
        journal,
        fresh.map((message) => ({ message })),
      );
      for (const message of fresh) state.messages.set(message._id, message);
    },
    unsettled: async () =>
      inOrder([...state.messages.values()].filter(({ state: at }) => at === "waiting" || at === "sending")),
    claim: async ({ _id }, holder, now) => {
      const message = state.messages.get(_id);
      if (!message) return null;
      const possiblyRepeated = message.possiblyRepeated || message.state === "sending";
      const attempts = message.attempts + 1;
      return messageKept({
        ...message,
        ...{ state: "sending", holder, heldSince: now, attempts, possiblyRepeated },
      });
    },
    async settle(claimed, after) {
      await messageKept({ ...claimed, ...after });
    },
    note: (delivery) => appendEntries(journal, [{ delivery }]),
    threadReceipt: async ({ letter, channel }) =>
      inOrder([...state.messages.values()]).find(
        (one) => one.letter.thread === letter.thread && one.channel === channel && one.receipt,
      )?.receipt,
  };
}
