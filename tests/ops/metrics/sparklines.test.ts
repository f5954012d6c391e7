import { onSteps, sparkline } from "../../../ops/metrics/sparklines";

test.each([
  [[0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"],
  [[5, 5, 5], "▄▄▄"],
  [[0, 0], "▁▁"],
  [[1, null, 3], "▁ █"],
  [[-2, Number.NaN, 2], "▁ █"],
  [[null], " "],
  [[], ""],
])("%j is drawn as %j", (values, drawn) => {
  expect(sparkline(values)).toBe(drawn);
});

test("a step without a figure is a gap, and figures outside the time are left out", () => {
  const at = (seconds: number) => new Date(seconds * 1000);
  const row = onSteps(
    [
      { at: at(5), value: 9 },
      { at: at(10), value: 1 },
      { at: at(31), value: 2 },
      { at: at(55), value: 3 },
    ],
    { since: at(12), until: at(42), step: 10_000 },
  );
  expect(row).toEqual([1, null, 2, null]);
});
