import { steady, type Beliefs, type Figure } from "../../../../../infra/engines/monitoring";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const seen = (bad: boolean, second: number): Figure => ({
  name: "serviceDown",
  subject: "redis",
  value: bad ? 1 : 0,
  at: at(second),
});

/** What is believed after each of these looks. */
function believed(looks: boolean[], from: Beliefs = {}): number[] {
  let beliefs = from;
  return looks.map((bad, second) => {
    const next = steady([seen(bad, second)], beliefs);
    beliefs = next.beliefs;
    return next.figures[0]?.value ?? NaN;
  });
}

test("a service is believed down at its third bad look, and well again at its second good one", () => {
  expect(believed([true, true, true, false, true, false, false])).toEqual([0, 0, 1, 1, 1, 1, 0]);
});

test("a good look in between begins the count anew", () => {
  expect(believed([true, true, false, true, true, true])).toEqual([0, 0, 0, 0, 0, 1]);
});

test("a belief that was kept over a restart goes on", () => {
  const kept = { "serviceDown:redis": { bad: true, against: 1, since: at(0) } };
  expect(believed([false], kept)).toEqual([0]);
});

test("a figure that is no verdict passes as it is", () => {
  const slow: Figure = { name: "p95Ms", subject: "app", value: 5000, at: at(0) };
  expect(steady([slow], {}).figures).toEqual([slow]);
});
