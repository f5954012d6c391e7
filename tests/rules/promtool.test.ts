import { execFileSync, spawnSync } from "node:child_process";
import { describeWith } from "../harness/tools";
import { rulesFolder } from "./series-named";

describeWith("promtool")("promtool", () => {
  const promtool = (...args: string[]) =>
    execFileSync("promtool", args, { cwd: rulesFolder, encoding: "utf8", stdio: "pipe" });

  test("finds nothing to say about the rules and the configuration that takes them", () => {
    expect(promtool("check", "config", "prometheus.yml")).toMatch(/SUCCESS/);
  });

  test("sees each rule fire when it should, and not before", () => {
    expect(promtool("test", "rules", "alerts.test.yml")).toMatch(/SUCCESS/);
  });

  test("says so where a rule is wrong", () => {
    const { status } = spawnSync("promtool", ["check", "rules", "/dev/stdin"], {
      input: "groups: [{name: a, rules: [{alert: A, expr: 'up ==='}]}]",
    });
    expect(status).not.toBe(0);
  });
});
