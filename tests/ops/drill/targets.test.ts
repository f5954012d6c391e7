import { judged, measures } from "../../../ops/drill/targets";

const minute = 60_000;
const durations = { "from-nothing": 29, rollback: 11, "deployment-failure": 15, "data-recovery": 1 };
const inMs = Object.fromEntries(
  Object.entries(durations).map(([name, minutes]) => [name, minutes * minute]),
) as typeof durations;

test("each part is held against its own target of the runbook", () => {
  expect(measures.map(({ targetMs }) => targetMs / minute).sort((a, b) => a - b)).toEqual([10, 15, 20, 30]);
  expect(judged(inMs).map(({ name, ok }) => [name, ok])).toEqual([
    ["from-nothing", true],
    ["rollback", false],
    ["deployment-failure", true],
    ["data-recovery", true],
  ]);
});

test("a stricter target holds for every part, and never makes one milder", () => {
  expect(judged(inMs, 2 * minute).filter(({ ok }) => ok)).toMatchObject([{ name: "data-recovery" }]);
  expect(judged(inMs, 60 * minute).find(({ name }) => name === "rollback")).toMatchObject({ ok: false });
});
