import { parseDuration } from "../../infra/support";
import { usageOf } from "../actions";
import type { DatabaseOptions } from "../named-database";
import { printResult, type Terminal } from "../terminal";
import { look } from "./look";
import { statusText } from "./text";
import { watch } from "./watch";

export interface StatusOptions extends DatabaseOptions {
  store?: string[];
  environment?: string;
  watch: boolean;
  every: string;
}

/** What runs now, what it remembers, and what would be lost; exit code 1 where something needs a person. */
export async function status(options: StatusOptions, terminal: Terminal): Promise<number> {
  const pauseMs = pauseOf(options);
  if (options.watch) return watch({ look: (signal) => look(options, signal), pauseMs, terminal });
  const seen = await look(options);
  printResult(terminal, seen, () => statusText(seen));
  return seen.problems.length > 0 ? 1 : 0;
}

function pauseOf({ every }: StatusOptions): number {
  const pause = parseDuration(every);
  if (pause !== undefined && pause >= 100) return pause;
  throw usageOf("status")(`--every ${every} is no pause such as 2s or 1m`);
}
