import { killedAfter } from "./killed-engine";

it("an engine killed in the middle of a step leaves a whole state that names the step, and the next up converges", async () => {
  const { left, next, after, again, names } = await killedAfter(700);
  const named = [...left.resources, ...left.pending.map((one) => one.replace("creating ", ""))];
  expect(named).toEqual(expect.arrayContaining(left.cloud));
  expect(left.orphans).toEqual([]);
  expect(next.outcome).toBe("succeeded");
  expect(after).toMatchObject({ resources: names, cloud: names });
  expect(again.outcome).toBe("succeeded");
});
