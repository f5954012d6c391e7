import { doraFigures, weeklySummary } from "../../../../infra/engines/monitoring";
import { at, entry, hourMs } from "./journal-entries";

const unknown = () => undefined;
const day = { since: at(0), until: at(24), committedAt: unknown };

describe("the five figures of delivery", () => {
  test("count what went well, and how often a day", () => {
    const figures = doraFigures([entry(1, 1), entry(2, 2, { state: "failed" }), entry(3, 3)], day);
    expect(figures).toMatchObject({ deployments: 2, deploymentsPerDay: 2 });
  });

  test("lead time goes from the commit to the end of its release, the median of all", () => {
    const commits: Record<string, Date> = { a: at(0), b: at(1) };
    const journal = [
      entry(1, 1, { commit: "a" }),
      entry(2, 5, { commit: "b" }),
      entry(3, 6, { commit: "c" }),
    ];
    const figures = doraFigures(journal, { ...day, committedAt: (commit) => commits[commit] });
    expect(figures.leadTimeSeconds).toBe((3600 + 300 + 4 * 3600 + 300) / 2);
  });

  test("a release that was taken back later counts as failed, and its rollback as the recovery", () => {
    const journal = [entry(1, 1), entry(2, 2), entry(3, 4, { kind: "rollback", rollbackOf: 2 }), entry(4, 5)];
    const figures = doraFigures(journal, day);
    expect(figures.changeFailurePercent).toBeCloseTo(100 / 3);
    expect(figures.recoverySeconds).toBe((2 * hourMs) / 1000);
    expect(figures.reworkPercent).toBeCloseTo(100 / 3);
  });

  test("what happened before or after does not count, and a failure without an end has no recovery", () => {
    const figures = doraFigures([entry(1, -2, { state: "failed" }), entry(2, 3, { state: "failed" })], day);
    expect(figures).toMatchObject({ deployments: 0, changeFailurePercent: 100, recoverySeconds: null });
  });

  test("without a release there is nothing to say but zero", () => {
    expect(doraFigures([], day)).toMatchObject({
      deployments: 0,
      leadTimeSeconds: null,
      changeFailurePercent: null,
      recoverySeconds: null,
      reworkPercent: null,
    });
  });
});

test("the week is held against its targets: a missed one is named", () => {
  const releases = [entry(1, 1), entry(2, 2, { state: "failed" })];
  const week = { environment: "production", since: at(0), until: at(168), dora: doraFigures([], day) };
  const missed = weeklySummary({ ...week, releases, alerts: 5 });
  expect(missed.lines.map(({ name, met }) => [name, met])).toEqual([
    ["success", false],
    ["mean duration", false],
    ["alerts", false],
  ]);
  const quiet = weeklySummary({ ...week, releases: [], alerts: 0 });
  expect(quiet.lines.every(({ met }) => met)).toBe(true);
});
