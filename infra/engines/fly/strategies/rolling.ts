import type { Deployment } from "../deployment";
import { partOf } from "../deployment";
import { isWarm } from "../fleet";
import { inPool } from "../pool";
import { groupOf, makeChange, type Change } from "./change";

const newAtOnce = 8;
const restingAtOnce = 30;

export interface Pace {
  /** A count from 1, or a share below 1 of each group; "all but one" leaves an old machine until a new one is healthy. */
  maxUnavailable: number | "all but one";
  /** Whether one machine of each group has to prove the version before any other is touched. */
  firstAlone: boolean;
}

/** Brings the machines to what is wanted, groups side by side; the first failure calls all of it off. */
export async function roll(deployment: Deployment, changes: readonly Change[], pace: Pace): Promise<void> {
  const off = new AbortController();
  const part = partOf(deployment, off.signal);
  const groups = [...new Set(changes.map(groupOf))];
  const rolls = groups.map(async (group) => {
    try {
      const mine = changes.filter((one) => groupOf(one) === group);
      await rollGroup(part, mine, pace);
    } catch (error) {
      off.abort(error);
      throw error;
    }
  });
  const ends = await Promise.allSettled(rolls);
  if (ends.some(({ status }) => status === "rejected")) throw off.signal.reason;
}

async function rollGroup(deployment: Deployment, changes: Change[], pace: Pace): Promise<void> {
  const fresh = changes.filter(({ kind }) => kind === "create" || kind === "replace");
  const there = changes.filter((one) => one.kind === "update" || one.kind === "prove");
  const warm = there.filter(({ machine }) => isWarm(machine));
  const resting = there.filter(({ machine }) => !isWarm(machine));
  // What is added takes nothing away: it goes first, and proves the version before an old machine is touched.
  const order = [...fresh, ...warm];
  const first = pace.firstAlone ? (order[0] ?? resting[0]) : undefined;
  if (first) await makeChange(deployment, first, true);
  const rest = <T extends Change>(list: T[]) => list.filter((one) => one !== first);
  await inPool(rest(fresh), newAtOnce, (one) => makeChange(deployment, one));
  const atOnce = unavailable(pace.maxUnavailable, warm.length);
  // Warm ones prove that the version runs; one at rest has to prove that those there wake up with it.
  const boot = first === resting[0] ? undefined : resting[0];
  await inPool(
    [
      () => inPool(rest(warm), atOnce, (one) => makeChange(deployment, one)),
      () => inPool(rest(resting), restingAtOnce, (one) => makeChange(deployment, one, one === boot)),
    ],
    2,
    (side) => side(),
  );
}

/** So many warm machines of a group may be out of service at once. */
export function unavailable(wish: Pace["maxUnavailable"], machines: number): number {
  if (wish === "all but one") return Math.min(newAtOnce, Math.max(1, machines - 1));
  return wish >= 1 ? Math.floor(wish) : Math.max(1, Math.ceil(machines * wish));
}
