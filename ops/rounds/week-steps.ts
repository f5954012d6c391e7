import type { Db } from "mongodb";
import { listReleases } from "../../infra/engines/release";
import { judgeTargets, note, type Finding } from "../../infra/engines/rounds";
import type { RoundStep } from "./step";

const dayMs = 86_400_000;

/** Releases and alerts against the runbook's targets. */
function targetsStep(days: number): RoundStep {
  return {
    name: "targets",
    title: `Releases and alerts of ${days === 1 ? "a day" : `${days} days`}`,
    look: ({ withOps }) =>
      withOps(async (ops): Promise<Finding[]> => {
        const since = new Date(Date.now() - days * dayMs);
        const seen = {
          releases: await releasesSince(ops, since),
          alerts: await alertsSince(ops, since),
          days,
        };
        if (days > 1) return judgeTargets(seen);
        const { releases, alerts } = seen;
        const failed = releases.filter((one) => !one.ok).length;
        return [
          note("releases", `${releases.length} since yesterday, ${failed} of them failed`),
          note("alerts", `${alerts} since yesterday`),
        ];
      }),
  };
}

export const yesterday = targetsStep(1);
export const week = targetsStep(7);

/** A clock that was set back in the middle makes no release shorter than nothing. */
async function releasesSince(ops: Db, since: Date): Promise<{ ok: boolean; durationMs: number }[]> {
  const newest = await listReleases(ops, 500);
  return newest.flatMap(({ state, startedAt, finishedAt }) =>
    startedAt >= since && finishedAt !== null
      ? [{ ok: state === "done", durationMs: Math.max(0, finishedAt.getTime() - startedAt.getTime()) }]
      : [],
  );
}

async function alertsSince(ops: Db, since: Date): Promise<number> {
  const all = await ops.collection<{ firedAt?: Date | null; since?: Date }>("alerts").find({}).toArray();
  return all.filter(({ firedAt, since: began }) => (firedAt ?? began ?? new Date(0)) >= since).length;
}
