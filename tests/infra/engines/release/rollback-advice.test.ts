import { adviseRollback, type LiveFigures } from "../../../../infra/engines/release";

const well: LiveFigures = { answers: true, errorRate: 0, slowdown: 1, corruption: null };

test.each([
  { seen: { errorRate: 0.005 }, scenario: "minor bug", action: "monitor", method: "none" },
  { seen: { errorRate: 0.01 }, scenario: "feature issue", action: "plan a fix", method: "none" },
  { seen: { errorRate: 0.049 }, scenario: "feature issue", action: "plan a fix", method: "none" },
  { seen: { errorRate: 0.05 }, scenario: "high errors", action: "consider a rollback", method: "app" },
  { seen: { errorRate: 0.1 }, scenario: "high errors", action: "consider a rollback", method: "app" },
  { seen: { errorRate: 0.07, slowdown: 3 }, scenario: "high errors", action: "roll back", method: "app" },
  { seen: { slowdown: 2.1 }, scenario: "performance", action: "roll back", method: "app" },
  { seen: { slowdown: 2 }, scenario: "minor bug", action: "monitor", method: "none" },
  { seen: { errorRate: 0.11 }, scenario: "critical bug", action: "roll back at once", method: "full" },
  { seen: { errorRate: 1 }, scenario: "complete outage", action: "roll back at once", method: "full" },
  { seen: { answers: false }, scenario: "complete outage", action: "roll back at once", method: "full" },
  { seen: { errorRate: null }, scenario: "minor bug", action: "monitor", method: "none" },
])("$seen is $scenario: $action, $method", ({ seen, ...row }) => {
  expect(adviseRollback({ ...well, ...seen })).toMatchObject({ ...row, data: false });
});

test("data that is wrong comes back with the release, whatever else is seen, and the reason says so", () => {
  const advice = adviseRollback({ ...well, corruption: "characters holds a document that breaks its rules" });
  expect(advice).toMatchObject({ scenario: "data corruption", method: "full", data: true });
  expect(advice.why).toContain("characters");
});
