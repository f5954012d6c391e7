import { messageOf } from "../../../support";
import type { Figure } from "../figure";

/** Looks at one thing and says in figures how it is. */
export interface Probe {
  /** What is looked at, such as "database" or "redis". */
  name: string;
  /** How long a look may take; five seconds unless told. */
  deadlineMs?: number;
  look: (at: Date, signal: AbortSignal) => Promise<Figure[]>;
  /** What a look that failed says by itself; nothing unless told. */
  lost?: (why: string, at: Date) => Figure[];
}

/** What all looks of one round found. */
export interface Looks {
  figures: Figure[];
  /** The probes that found nothing, and why. */
  failed: { probe: string; why: string }[];
  /** How long each took. */
  durations: { probe: string; seconds: number }[];
}

const usualDeadlineMs = 5000;

/** Makes all probes look at the same time; one that hangs or fails holds up none of the others. */
export async function lookAll(
  probes: readonly Probe[],
  { at, signal }: { at: Date; signal?: AbortSignal },
): Promise<Looks> {
  const looks: Looks = { figures: [], failed: [], durations: [] };
  await Promise.all(
    probes.map(async (probe) => {
      const started = performance.now();
      try {
        looks.figures.push(...(await lookInTime(probe, at, signal)));
      } catch (error) {
        const why = messageOf(error).split("\n")[0] ?? "";
        looks.failed.push({ probe: probe.name, why });
        looks.figures.push(...(probe.lost?.(why, at) ?? []));
      }
      looks.durations.push({ probe: probe.name, seconds: (performance.now() - started) / 1000 });
    }),
  );
  return looks;
}

/** A look that does not hear its signal must not make the round wait either. */
async function lookInTime(probe: Probe, at: Date, outer: AbortSignal | undefined): Promise<Figure[]> {
  const deadlineMs = probe.deadlineMs ?? usualDeadlineMs;
  const over = new AbortController();
  const timer = setTimeout(() => {
    over.abort(new Error(`no answer within ${deadlineMs / 1000} s`));
  }, deadlineMs);
  // Not AbortSignal.any: a signal that lives for months would keep a trace of every look.
  const stop = () => over.abort(outer?.reason);
  outer?.addEventListener("abort", stop, { once: true });
  if (outer?.aborted) stop();
  try {
    return await Promise.race([probe.look(at, over.signal), whenAborted(over.signal)]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", stop);
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}
