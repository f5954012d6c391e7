import { parseDuration } from "../../infra/support";
import { usage, type MigrateOptions } from "./options";

type Engine = typeof import("../../infra/engines/migration");

/** The engine, loaded when an action begins. */
export function engine(): Engine {
  return require("../../infra/engines/migration") as Engine;
}

/** How long to wait for the lock. */
export function lockOptions({ wait }: MigrateOptions): { waitMs?: number } {
  if (wait === undefined) return {};
  const waitMs = parseDuration(wait);
  if (waitMs === undefined) throw usage('--wait wants a time such as "90s" or "5m"');
  return { waitMs };
}

/** Works with a signal that fires at the first interruption; a second one ends the process at once. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort(new DOMException("interrupted", "AbortError"));
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, onSignal);
  try {
    return await work(stop.signal);
  } finally {
    for (const signal of signals) process.removeListener(signal, onSignal);
  }
}
