import { announceRelease, announceReleases, channelsOf, deliverOutbox } from "../../infra/engines/alerts";
import { messageOf } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { readable, withOps } from "./place";

/** What an `up` came to, as far as people are to hear of it. */
export interface UpMade {
  stack: string;
  settings: Settings;
  /** Releases that began since then are its own. */
  since: Date;
  undone?: { release: number; undone: string; running: string; next: string } | undefined;
  say: (line: string) => void;
}

const patienceMs = 20_000;

/** Tells the channels what the releases of an `up` came to. Whatever goes wrong here is said, and never fails the `up`. */
export async function announceUp({ stack, settings, since, undone, say }: UpMade): Promise<void> {
  const channels = channelsOf(readable(settings));
  if (channels.length === 0) return;
  try {
    await withOps({ stack, json: false, yes: true }, async (ops) => {
      const signal = AbortSignal.timeout(patienceMs);
      const begun = await announceReleases(ops, settings, since);
      if (undone && begun.includes(undone.release)) await announceRelease(ops, settings, [newsOf(undone)]);
      // What cannot be sent now stays in the outbox, for the monitor or the next command.
      await deliverOutbox(ops, channels, { signal, deadlineMs: patienceMs / 4 });
    });
  } catch (error) {
    say(`! nobody was told of the release: ${messageOf(error).split("\n")[0] ?? ""}`);
  }
}

function newsOf({ release, undone, running, next }: NonNullable<UpMade["undone"]>) {
  return {
    release,
    event: "undone" as const,
    name: "3-undone",
    title: `Release ${release}: ${undone}`,
    lines: [`running: ${running}`, `next: ${next}`],
    at: new Date(),
  };
}
