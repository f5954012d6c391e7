import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, OperatorError } from "../../infra/support";
import type { Terminal } from "../terminal";
import type { LogLine } from "./line";
import type { LogSource } from "./source";

const usualPauseMs = 2000;

export interface Following {
  tell: (lines: LogLine[]) => void;
  signal: AbortSignal;
  say: Terminal["say"];
  /** How long a source is left alone that could not be read. */
  pauseMs?: number;
}

/** Tells what comes until the signal fires; whoever watches through a night is not left alone by one bad minute. */
export async function follow(
  source: LogSource,
  { tell, signal, say, pauseMs = usualPauseMs }: Following,
): Promise<void> {
  let away = false;
  while (!signal.aborted) {
    try {
      tell(await source.next(signal));
      if (away) say("the log can be read again");
      away = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof OperatorError) || !passing.has(error.code)) throw error;
      if (!away) say(`the log cannot be read for now, and is asked for again: ${messageOf(error)}`);
      away = true;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** What may be over the next time; a wrong token and an app that is gone are not. */
const passing = new Set(["fly-unavailable", "fly-rate-limited", "fly-unknown-outcome", "supervisor-silent"]);
