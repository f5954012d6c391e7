import type { GroupWish } from "../../../../infra/engines/fly";
import { unavailable } from "../../../../infra/engines/fly/strategies/rolling";
import { TestFleet, webConfig, wishOf } from "./open-fleet";

const rounds = process.env.DND_TESTS === "long" ? 60 : 6;

/** The same numbers in every run of one seed. */
function numbersOf(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % most;
  };
}

const groupsOf = (sizes: readonly number[], version: string): GroupWish[] =>
  sizes.map((size, at) => ({ name: `g${at}`, config: webConfig(version), counts: { iad: size } }));

/** At each request and after each step of the clock: the most machines of each group that did not serve. */
function watchAbsent(fleet: TestFleet, sizes: readonly number[]): { most: number[] } {
  const most = sizes.map(() => 0);
  fleet.fly.faults.add({
    times: Infinity,
    choose: () => {
      sizes.forEach((size, at) => {
        const serving = fleet.machines.filter(
          ({ name, state, cordoned, checks }) =>
            name.startsWith(`g${at}-`) &&
            state === "started" &&
            !cordoned &&
            [...checks.values()].every(({ status }) => status === "passing"),
        );
        most[at] = Math.max(most[at] ?? 0, size - serving.length);
      });
      return false;
    },
    harm: { kind: "slow", ms: 0 },
  });
  return { most };
}

test.each(Array.from({ length: rounds }, (_, at) => at + 1))(
  "a roll never takes more machines of a group out of service than it may (seed %i)",
  async (seed) => {
    const number = numbersOf(seed);
    for (let skip = 0; skip < 5; skip++) number(2);
    const sizes = Array.from({ length: 1 + number(3) }, () => 1 + number(6));
    const maxUnavailable = number(2) === 0 ? 1 + number(3) : (1 + number(99)) / 100;
    const strategy = { kind: "rolling", maxUnavailable } as const;
    const fleet = await TestFleet.open();
    await fleet.deploy(wishOf("v1", 0, { groups: groupsOf(sizes, "v1") }));
    const { most } = watchAbsent(fleet, sizes);
    await fleet.deploy(wishOf("v2", 0, { strategy, groups: groupsOf(sizes, "v2") }));
    expect(fleet.picture.every((line) => line.endsWith("v2 started"))).toBe(true);
    const allowed = sizes.map((size) => Math.min(size, unavailable(maxUnavailable, size)));
    most.forEach((count, at) => {
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(allowed[at] ?? 0);
    });
    await fleet.fly.close();
  },
);
