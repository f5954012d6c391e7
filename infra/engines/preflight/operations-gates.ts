import { hostname } from "node:os";
import { isRunning } from "../../drivers/processes";
import { formatDuration } from "../../support";
import { fail, note, ok, type Finding, type Gate } from "./gate";
import type { ReleaseSeen } from "./neighbours";
import type { Server, Site } from "./site";

/** A running step beats twice a minute; a journal that an earlier edition began knows only how long no step takes. */
const silentMs = { beating: 5 * 60_000, older: 10 * 60_000 };

/** Nothing burns. */
const alerts: Gate = {
  name: "open alerts",
  async look({ server, neighbours }: Site): Promise<Finding> {
    if (!server) return ok("there are none yet");
    const open = await neighbours.openAlerts(server.ops);
    const titles = open.filter(({ level }) => level === "critical").map(({ title }) => title);
    if (titles.length === 0) return ok("none is critical");
    return fail(
      titles.slice(0, 5).join("; "),
      "Mend what they tell of and resolve them: a release into a fire hides both.",
    );
  },
};

/** The gate that closes while somebody else releases. */
export const otherReleaseGate = "release in progress";

/** Nobody else releases at this moment. */
const otherRelease: Gate = {
  name: otherReleaseGate,
  onRollback: true,
  async look({ server, neighbours, now }: Site): Promise<Finding> {
    const newest = server && (await neighbours.newestRelease(server.ops));
    if (!server || newest?.state !== "running") return ok("none");
    const who = `release ${newest._id} by ${newest.by} on ${newest.host}`;
    const again = "Wait until it has ended (`dnd release list`), then try again.";
    const here = newest.host === hostname() && newest.runner ? isRunning(newest.runner) : undefined;
    if (here === true) return fail(`${who} is in progress`, again);
    if (here === false) return ok(`${who} was interrupted: this one takes its place`);
    const { silent, limit } = await silenceOf(newest, server, now);
    const since = `${who}, last heard of ${formatDuration(Math.max(0, silent))} ago`;
    if (silent < limit)
      return fail(since, `${again} One that was interrupted counts as ended after ${formatDuration(limit)}.`);
    return note(
      `${since}: it was interrupted`,
      "Look at `dnd release show latest`: this one takes its place.",
    );
  },
};

/** For how long nothing was heard of a running release, and from when on it counts as cut off. */
async function silenceOf(
  { heartbeatAt, startedAt, steps }: ReleaseSeen,
  { client }: Server,
  now: Date,
): Promise<{ silent: number; limit: number }> {
  if (heartbeatAt) {
    // Written by the server's clock and held against it: hosts need not agree on the time.
    const { localTime } = (await client.db("admin").command({ hello: 1 })) as unknown as { localTime: Date };
    return { silent: localTime.getTime() - heartbeatAt.getTime(), limit: silentMs.beating };
  }
  const ends = steps.map(({ at, durationMs }) => at.getTime() + durationMs);
  return { silent: now.getTime() - Math.max(startedAt.getTime(), ...ends), limit: silentMs.older };
}

export const operationsGates: readonly Gate[] = [otherRelease, alerts];
