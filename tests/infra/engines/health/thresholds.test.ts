import { guidesThresholds, judgeTraffic, type Traffic } from "../../../../infra/engines/health";

const calm: Traffic = { requests: 1000, failures: 0, p50Ms: 5, p95Ms: 20, durationMs: 60_000 };
const judge = (seen: Partial<Traffic>, before: Traffic | null = null) =>
  judgeTraffic({ ...calm, ...seen }, guidesThresholds, before);

describe("the thresholds of a verification", () => {
  test.each([
    ["nothing fails", { failures: 0 }, "good"],
    ["less than 1 of 100 requests fails", { failures: 9 }, "good"],
    ["1 of 100 fails", { failures: 10 }, "doubtful"],
    ["5 of 100 fail", { failures: 50 }, "doubtful"],
    ["more than 5 of 100 fail", { failures: 51 }, "bad"],
    ["answers take up to a second", { p95Ms: 1000 }, "good"],
    ["answers take over a second", { p95Ms: 1001 }, "doubtful"],
    ["answers take over two seconds", { p95Ms: 2001 }, "bad"],
    ["there were too few requests to tell", { requests: 19 }, "doubtful"],
  ])("%#: when %s", (_when, seen, verdict) => {
    const found = judge(seen);
    expect(found.verdict).toBe(verdict);
    expect(found.reasons.length > 0).toBe(verdict !== "good");
  });

  test("hold a version against the one before, where that one was measured", () => {
    const before = { ...calm, p95Ms: 100 };
    expect(judge({ p95Ms: 201 }, before)).toMatchObject({ verdict: "doubtful" });
    expect(judge({ p95Ms: 200 }, before).verdict).toBe("good");
    expect(judge({ p95Ms: 201 }, { ...before, requests: 3 }).verdict).toBe("good");
    // Both are fast: twice of little is noise.
    expect(judge({ p95Ms: 60 }, { ...calm, p95Ms: 10 }).verdict).toBe("good");
  });
});
