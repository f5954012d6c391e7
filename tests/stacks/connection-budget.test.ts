import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionBudget, refuseTooManyConnections } from "../../stacks/connection-budget";
import { gatesWanted } from "../../stacks/gates-wanted";
import { readSettings, type Settings } from "../../stacks/settings";

function stack(app: object, tier: string): Settings {
  return readSettings(
    {
      "dnd-tracker:environment": "staging",
      "dnd-tracker:app": JSON.stringify(app),
      "dnd-tracker:database": JSON.stringify({ kind: "atlas", tier }),
    },
    {},
  );
}

describe("the connections that a stack may open", () => {
  test("are the same to the preview and to the checklist", () => {
    const settings = stack({ machines: 3, strategy: "bluegreen" }, "M10");
    expect(gatesWanted(settings, {}).connections).toBe(connectionBudget(settings)?.needed);
  });

  test("are those of its machines during a release, and of who looks on", () => {
    expect(connectionBudget(stack({ machines: 2 }, "M0"))).toEqual({ needed: 90, limit: 500 });
  });

  test("are twice as many while two fleets serve", () => {
    const settings = stack({ machines: 10, strategy: "bluegreen" }, "M10");
    expect(connectionBudget(settings)).toEqual({ needed: 430, limit: 1500 });
  });

  test("are more while canaries of each program serve beside the rest", () => {
    const strategy = { kind: "canary", canaries: 3 };
    const processes = { web: { command: "web", http: true }, jobs: { command: "jobs" } };
    expect(connectionBudget(stack({ machines: 2, strategy }, "M0"))?.needed).toBe((2 + 3) * 20 + 30);
    expect(connectionBudget(stack({ machines: 2, strategy, processes }, "M0"))?.needed).toBe(
      (4 + 6) * 20 + 30,
    );
  });

  test("are those of a fly.toml where that says what the machines are", async () => {
    const flyToml = join(await mkdtemp(join(tmpdir(), "budget-")), "fly.toml");
    const lines = [
      'app = "t"',
      "[deploy]",
      'strategy = "bluegreen"',
      "[processes]",
      'web = "w"',
      'jobs = "j"',
    ];
    await writeFile(flyToml, lines.join("\n"));
    expect(connectionBudget(stack({ machines: 4, flyToml }, "M0"))?.needed).toBe(2 * 8 * 20 + 30);
  });

  test("are refused in the preview where the tier does not take them", () => {
    const processes = { web: { command: "web", machines: 25, http: true } };
    expect(() => refuseTooManyConnections(stack({ processes }, "M0"))).toThrow(/app\.machines: may open 550/);
    expect(() => refuseTooManyConnections(stack({ processes }, "M10"))).not.toThrow();
  });
});
