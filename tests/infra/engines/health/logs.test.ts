import { scanLogs } from "../../../../infra/engines/health";
import { judgeLogs } from "../../../../infra/engines/health/logs/judge";

const json = (level: number, msg: string, more: object = {}) =>
  JSON.stringify({ level, time: 2000, msg, ...more });

describe("the logs of an app's machines", () => {
  test("are read for errors and stack traces, in JSON and in plain text", () => {
    const found = scanLogs([
      json(30, "listening"),
      json(50, "no such party 17", { err: { type: "Error", message: "x", stack: "Error: x\n  at y" } }),
      json(50, "no such party 18"),
      "TypeError: dragons is undefined",
      "    at hunt (app.js:3:1)",
      "    at main (app.js:9:1)",
    ]);
    expect(found).toMatchObject({ lines: 6, errors: 3, traces: 2 });
    expect(found.kinds).toHaveLength(3);
    expect(found.kinds).toContain("no such party #");
  });

  test("count from the deployment on alone", () => {
    expect(scanLogs([json(50, "old")], new Date(3000))).toMatchObject({ lines: 0, errors: 0 });
    expect(scanLogs([json(50, "new")], new Date(1000))).toMatchObject({ lines: 1, errors: 1 });
  });

  test("give nothing away that is secret", () => {
    const found = scanLogs([
      json(50, "no answer from mongodb://gm:canary-1@host/db?password=canary-2 with Bearer canary-3"),
    ]);
    expect(JSON.stringify(found)).not.toContain("canary");
  });

  test("make a version doubtful by the errors alone that the one before did not have", () => {
    const seen = scanLogs([json(50, "timeout 12"), json(50, "the lich woke up")]);
    const before = scanLogs([json(50, "timeout 90")]);
    expect(judgeLogs(seen, before).join()).toMatch(/before did not log: the lich woke up$/);
    expect(judgeLogs(before, before)).toEqual([]);
    expect(judgeLogs(seen, null).join()).toContain("nothing to compare");
  });
});
