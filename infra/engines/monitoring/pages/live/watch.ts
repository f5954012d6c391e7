import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "mongodb";
import { Bell } from "./bell";

/** What the dashboard shows and people wait for; figures come every few seconds and would wake it for nothing. */
const watched = ["releases", "alerts", "archives", "incidents", "maintenance", "overrides"];

const pollMs = 2000;
/** Where the server tells of changes, looking by oneself is only for what it cannot tell. */
const calmMs = 15_000;
/** A release writes several documents at once: one look shows them all. */
const gatherMs = 150;

/** Calls `look` whenever something may have changed, until the signal fires: soon after where the server tells, else every two seconds. */
export async function watchChanges(
  ops: Db,
  look: () => Promise<void>,
  signal: AbortSignal,
  everyMs = pollMs,
): Promise<void> {
  const bell = new Bell();
  let isTold = false;
  void hearChanges(ops, bell, signal, (works) => {
    isTold = works;
  });
  while (!signal.aborted) {
    await look();
    await bell.rest(isTold ? calmMs : everyMs, signal);
    await pause(gatherMs, signal);
  }
}

/** A right or a server that is missing is no failure: then there is the looking. */
async function hearChanges(
  ops: Db,
  bell: Bell,
  signal: AbortSignal,
  hears: (works: boolean) => void,
): Promise<void> {
  while (!signal.aborted) {
    const stream = ops.watch([{ $match: { "ns.coll": { $in: watched } } }]);
    const over = new Promise<void>((end) => {
      stream.on("change", () => bell.ring());
      stream.on("resumeTokenChanged", () => hears(true));
      stream.on("error", () => end());
      signal.addEventListener("abort", () => end(), { once: true });
    });
    await over;
    hears(false);
    await stream.close().catch(() => undefined);
    await pause(calmMs, signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
