import { existsSync } from "node:fs";
import { join } from "node:path";
import { defaultPolicies } from "../../../ops/operations/default-policies";
import { readSettings } from "../../../stacks/settings";

const packsOf = (environment: string, kind: string) =>
  defaultPolicies(
    readSettings(
      {
        "dnd-tracker:environment": environment,
        "dnd-tracker:database": JSON.stringify({ kind, name: "tales" }),
      },
      {},
    ),
  );

test("whatever makes a cluster of its own, and all of production, is judged by this project's policies", () => {
  for (const [environment, kind] of [
    ["staging", "atlas"],
    ["production", "atlas"],
    ["production", "uri"],
  ] as const) {
    const [pack = ""] = packsOf(environment, kind);
    expect(existsSync(join(pack, "PulumiPolicy.yaml"))).toBe(true);
  }
  expect(packsOf("development", "embedded")).toEqual([]);
});
