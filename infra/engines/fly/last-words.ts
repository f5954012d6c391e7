import type { FlyApi } from "../../drivers/fly-api";
import { anySignal, systemClock, type Clock } from "../../support";

export interface LogOptions {
  api: FlyApi;
  clock?: Clock;
  signal?: AbortSignal | undefined;
}

const pauseMs = 500;

/** The newest lines of a machine; none where there are none, or where the token may not see them: they never decide. */
export async function lastWords(
  app: string,
  machine: string,
  lines: number,
  { api, clock = systemClock, signal }: LogOptions,
  tries = 1,
): Promise<string[]> {
  for (let left = tries; left > 0; left--) {
    const limit = AbortSignal.timeout(2000);
    const asked = anySignal([signal, limit]);
    try {
      const read = await api.logs.tail(app, machine, { lines, signal: asked });
      if (read.length > 0) return read;
    } catch {
      signal?.throwIfAborted();
    }
    // Lines come some time after they were written.
    if (left > 1) await clock.sleep(pauseMs, signal);
  }
  return [];
}

/** As it reads at the end of a sentence about the machine; nothing where it said nothing. */
export function quoted(words: readonly string[]): string {
  return words.length === 0 ? "" : `; its last words: ${words.map(shortened).join(" / ")}`;
}

function shortened(line: string): string {
  const plain = line.trim();
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
}
