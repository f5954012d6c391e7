import type { Terminal } from "../terminal";
import { Steps, type StepWork } from "../terminal";

type Engine = typeof import("../../infra/engines/backup");

/** The engine, loaded when an action begins. */
export function engine(): Engine {
  return require("../../infra/engines/backup") as Engine;
}

/** A step with its bar, which the first interruption stops in order and the second at once. */
export async function step<T>(
  terminal: Terminal,
  name: string,
  work: (progress: Parameters<StepWork<T>>[0], signal: AbortSignal) => Promise<T>,
  told: (result: T) => string,
  given?: AbortSignal,
): Promise<T> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort(new DOMException("interrupted", "AbortError"));
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const one of signals) process.once(one, onSignal);
  const signal = given ? AbortSignal.any([stop.signal, given]) : stop.signal;
  try {
    return await new Steps(terminal).run(name, (progress) => work(progress, signal), told);
  } finally {
    for (const one of signals) process.removeListener(one, onSignal);
  }
}
