import { KilledEngine } from "./killed-engine";

let engine: KilledEngine;
beforeAll(async () => {
  engine = await KilledEngine.open();
});
afterAll(() => engine.close());

it("an engine killed in the middle of a step leaves a whole state that names the step, and the next up converges", async () => {
  const { left, next, after, names } = await engine.killedAfter(700);
  const named = [...left.resources, ...left.pending.map((one) => one.replace("creating ", ""))];
  expect(named).toEqual(expect.arrayContaining(left.cloud));
  expect(left.orphans).toEqual([]);
  expect(next.outcome).toBe("succeeded");
  expect(after).toMatchObject({ resources: names, cloud: names });
  expect((await engine.again()).outcome).toBe("succeeded");
});
