import {
  act,
  auditSettings,
  judgeAges,
  judgeTargets,
  judgeThresholds,
  markdownOf,
  needsPerson,
  note,
  ok,
  unasked,
  type RoundReport,
} from "../../../../infra/engines/rounds";

const now = new Date("2026-11-21T06:00:00Z");
const report = (findings: RoundReport["steps"][number]["findings"]): RoundReport => ({
  ...{ version: 1, round: "daily", stack: "production", environment: "production", day: "2026-11-21" },
  ...{ by: "ada", host: "h", startedAt: "2026-11-21T06:00:00.000Z", endedAt: "2026-11-21T06:00:02.000Z" },
  steps: [{ name: "health", title: "Health", at: "2026-11-21T06:00:00.000Z", durationMs: 5, findings }],
});

test("a report begins with what has to be done, and only that needs a person", () => {
  const bad = report([
    ok("app", "well"),
    act("database", "it is\naway", "`dnd doctor`."),
    unasked("npm", "no answer"),
  ]);
  expect(needsPerson(bad)).toBe(true);
  expect(markdownOf(bad)).toContain("- [ ] **database**: it is away `dnd doctor`.");
  expect(markdownOf(bad)).toContain("- ? npm: no answer");
  const good = report([ok("app", "well"), note("prune", "2 would go", "Delete them.")]);
  expect(needsPerson(good)).toBe(false);
  expect(markdownOf(good)).toContain("## To be done\n\nNothing.");
});

test("what a server said is no Markdown of the report", () => {
  expect(markdownOf(report([note("x", "<b> [link](y) * `code`")]))).toContain(
    "\\<b\\> \\[link\\](y) \\* `code`",
  );
});

const states = (findings: { subject: string; state: string }[]) =>
  findings.map(({ state, subject }) => `${state} ${subject}`);

test("releases and alerts are held against the runbook's targets", () => {
  const good = Array.from({ length: 20 }, () => ({ ok: true, durationMs: 60_000 }));
  expect(states(judgeTargets({ releases: good, alerts: 4, days: 7 }))).toEqual([
    "ok success rate",
    "ok time of a release",
    "ok alerts",
  ]);
  // Exactly the target is not more than it.
  const bad = [...good.slice(1), { ok: false, durationMs: 60_000 }];
  expect(states(judgeTargets({ releases: bad, alerts: 5, days: 7 }))).toEqual([
    "act success rate",
    "ok time of a release",
    "act alerts",
  ]);
  const slow = [{ ok: true, durationMs: 300_000 }];
  expect(states(judgeTargets({ releases: slow, alerts: 0, days: 7 }))).toContain("act time of a release");
  expect(states(judgeTargets({ releases: [], alerts: 0, days: 7 }))).toEqual(["note releases", "ok alerts"]);
});

test("a secret that is old, ends soon or was never written down is named, and one of the future is none that is young", () => {
  const days = (count: number) => new Date(now.getTime() - count * 86_400_000);
  const of = (since: Date | null, expires?: Date) =>
    judgeAges([{ name: "key", since, rotate: "dnd ops rotate x", ...(expires && { expires }) }], now)[0]
      ?.state;
  expect([of(days(90)), of(days(91)), of(null), of(days(-2)), of(days(1), days(-10))]).toEqual([
    "ok",
    "act",
    "unasked",
    "note",
    "act",
  ]);
});

test("a threshold that fires and goes again, and one that nothing reaches, are worth a thought", () => {
  const rules = [
    { rule: "p95Ms", fired: 20, brief: 15, threshold: 500 },
    { rule: "errorPercent", fired: 0, brief: 0, threshold: 1 },
    { rule: "serviceDown", fired: 2, brief: 0, threshold: null },
  ];
  expect(states(judgeThresholds(rules, 90))).toEqual(["note p95Ms", "note errorPercent", "ok serviceDown"]);
});

describe("the settings of staging and production", () => {
  const audit = (staging: object, production: object, deprecated = {}) =>
    auditSettings({
      staging: { stack: "staging", values: { environment: "staging", ...staging } },
      production: { stack: "production", values: { environment: "production", ...production } },
      deprecated,
    });

  test("may differ in size and names, and in nothing that staging is to prove", () => {
    expect(states(audit({ "app.machines": 1 }, { "app.machines": 3 }))).toEqual(["ok settings"]);
    expect(states(audit({ "migrations.timeout": 1 }, { "migrations.timeout": 2 }))).toEqual([
      "act migrations.timeout",
    ]);
    expect(states(audit({}, { "migrations.requireDown": true }))).toEqual(["note migrations.requireDown"]);
  });

  test("must not be the same place by mistake", () => {
    const app = { "app.name": "tracker" };
    expect(states(audit(app, app))).toEqual(["act app.name"]);
    expect(states(audit({ environment: "production" }, {}))).toEqual(["act environment"]);
  });

  test("are named where they are out of date", () => {
    expect(states(audit({ "backup.keep": 3 }, {}, { "backup.keep": "backup.retention" }))).toContain(
      "act backup.keep",
    );
  });
});
