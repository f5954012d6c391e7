import { awaitHealthy } from "../await-healthy";
import { compareTraffic } from "../compare-traffic";
import type { Deployment } from "../deployment";
import { isWarm } from "../fleet";
import { isHeldBack } from "../hide-old";
import { addMachine } from "../write-machine";
import { canBeDoubled, groupOf, type Change } from "./change";
import { roll } from "./rolling";

interface CanaryWish {
  maxUnavailable: number;
  canaries: number;
  holdMs: number;
}

/** New machines beside the old ones first; they serve and are judged, and stay until the roll has ended. */
export async function rollAfterCanaries(
  deployment: Deployment,
  changes: readonly Change[],
  { maxUnavailable, canaries, holdMs }: CanaryWish,
): Promise<void> {
  const updates = changes.filter(({ kind }) => kind === "update");
  // Where nothing serves there is nothing to compare with, and a machine with a volume cannot be doubled.
  const groups = [...new Set(updates.map(groupOf))].filter((group) =>
    updates.some(
      (one) =>
        groupOf(one) === group &&
        "machine" in one &&
        isWarm(one.machine) &&
        !isHeldBack(one.machine) &&
        canBeDoubled(one),
    ),
  );
  await Promise.all(
    groups.map((group) => {
      const mine = updates.filter((one) => groupOf(one) === group);
      return judgeGroup(deployment, mine, { canaries, holdMs });
    }),
  );
  return roll(deployment, changes, { maxUnavailable, firstAlone: groups.length === 0 });
}

async function judgeGroup(
  deployment: Deployment,
  updates: readonly Change[],
  { canaries, holdMs }: { canaries: number; holdMs: number },
): Promise<void> {
  const [first] = updates;
  if (!first) return;
  const { wish, progress, id } = deployment;
  const { group, region, config } = first.to;
  const old = updates.flatMap((one) => ("machine" in one && isWarm(one.machine) ? one.machine.id : []));
  progress(`${canaries} canaries of ${group}: about ${share(canaries, old.length)} of its requests`);
  const quiet = { ...config, dns: { ...config.dns, skip_registration: true } };
  const made = await Promise.all(
    Array.from({ length: canaries }, async (_, at) => {
      const name = `${group}-canary-${at + 1}-${id.slice(0, 6)}`;
      const written = await addMachine(deployment, name, { region, config: quiet }, { role: "canary" });
      return awaitHealthy(deployment, written, new Set());
    }),
  );
  const sides = { canaries: made.map((one) => one.id), rest: old.slice(0, canaries) };
  if (wish.probe) await compareTraffic(deployment, wish.probe, sides, holdMs);
  // An exit during the trial is seen here, whatever the answers were.
  const held = wish.probe ? wish.gate.bakeMs : holdMs;
  const stricter = { ...deployment, wish: { ...wish, gate: { ...wish.gate, bakeMs: held } } };
  await Promise.all(made.map((one) => awaitHealthy(stricter, one)));
}

/** Fly's proxy knows no weights: each machine gets about as much as every other. */
export function share(canaries: number, others: number): string {
  return `${Math.round((canaries / (canaries + others)) * 100)}%`;
}
