import { maintenanceState, type SwitchTimes } from "../../../support";
import type { Quiet } from "../state/quiet";
import type { AlertCollections } from "./collections";

interface ReleaseSeen {
  _id: number;
  state: string;
  startedAt: Date;
  steps: { at: Date; durationMs: number }[];
  heartbeatAt?: Date;
}

/** A release that says nothing for so long was interrupted: it explains nothing any more. */
const silentMs = 10 * 60_000;

/** What keeps alerts quiet now: silences, the maintenance window, a release under way. */
export async function quietOf({ silences, ops }: AlertCollections, now: Date): Promise<Quiet> {
  const [all, current, [newest]] = await Promise.all([
    silences.find({}).toArray(),
    ops.collection<SwitchTimes & { _id: string }>("maintenance").findOne({ _id: "current" }),
    ops.collection<ReleaseSeen>("releases").find({}).sort({ _id: -1 }).limit(1).toArray(),
  ]);
  return {
    silences: all.filter(({ until }) => until > now),
    maintenance: current !== null && maintenanceState(current, now) === "on",
    releaseInProgress: newest && isUnderWay(newest, now) ? newest._id : null,
  };
}

/** The journal itself is the window that a release opens: it is there before the first step, and closes with the last. */
function isUnderWay({ state, startedAt, steps, heartbeatAt = startedAt }: ReleaseSeen, now: Date): boolean {
  const ends = steps.map(({ at, durationMs }) => at.getTime() + durationMs);
  return (
    state === "running" &&
    now.getTime() - Math.max(startedAt.getTime(), heartbeatAt.getTime(), ...ends) < silentMs
  );
}
