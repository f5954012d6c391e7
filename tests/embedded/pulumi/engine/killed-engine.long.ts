import { KilledEngine } from "./killed-engine";

jest.setTimeout(120_000);

let engine: KilledEngine;
beforeAll(async () => {
  engine = await KilledEngine.open();
});
afterAll(() => engine.close());

/** The same moments in every run would miss the same gaps in every run. */
const moments = Array.from({ length: 8 }, () => Math.floor(Math.random() * 1500));

it.each(moments)("an engine killed %i ms after its first step: the next up converges", async (ms) => {
  const { left, next, after, names } = await engine.killedAfter(ms);
  const named = [...left.resources, ...left.pending.map((one) => one.replace(/^\w+ /, ""))];
  expect(named).toEqual(expect.arrayContaining(left.cloud));
  expect(left.orphans).toEqual([]);
  expect(next.outcome).toBe("succeeded");
  expect(after).toMatchObject({ resources: names, cloud: names });
});

it("and nothing is left to do after all of them", async () => {
  expect((await engine.again()).outcome).toBe("succeeded");
});
