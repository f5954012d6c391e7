import { killedAfter } from "./killed-engine";

jest.setTimeout(120_000);

/** The same moments in every run would miss the same gaps in every run. */
const moments = Array.from({ length: 8 }, () => Math.floor(Math.random() * 1500));

it.each(moments)("an engine killed %i ms after its first step: the next up converges", async (ms) => {
  const { left, next, after, again, names } = await killedAfter(ms);
  const named = [...left.resources, ...left.pending.map((one) => one.replace("creating ", ""))];
  expect(named).toEqual(expect.arrayContaining(left.cloud));
  expect(left.orphans).toEqual([]);
  expect(next.outcome).toBe("succeeded");
  expect(after).toMatchObject({ resources: names, cloud: names });
  expect(again.outcome).toBe("succeeded");
});
