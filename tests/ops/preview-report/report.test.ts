import type { OperationResult, OperationStep } from "../../../ops/engine";
import { reportText } from "../../../ops/preview-report";
import { foreseen } from "../../../ops/preview-report/from-steps";
import { reportOf, type Known } from "../../../ops/preview-report/judge";

const urn = (name: string) => `urn:pulumi:staging::dnd-tracker::pulumi-nodejs:dynamic/dnd:Any::${name}`;

/** Everything that nobody may see stands somewhere in what the engine tells. */
const secretly = { databaseUri: "mongodb://gm:canary-uri@host/", env: { TOKEN: "canary-token" } };

function step(name: string, op: string, news: object, olds?: object): OperationStep {
  return {
    op,
    urn: urn(name),
    type: "pulumi-nodejs:dynamic/dnd:Any",
    newState: { inputs: { ...news, ...secretly } },
    ...(olds && { oldState: { inputs: { ...olds, ...secretly }, outputs: secretly } }),
    diffReasons: ["release", "databaseUri"],
    detailedDiff: null,
  };
}

const image = (version: string) => ({ name: "app", version, digest: `sha256:${version.padEnd(20, "0")}` });

function previewed(more: Partial<OperationResult> = {}): OperationResult {
  return {
    operation: "preview",
    stack: "staging",
    engine: "embedded 1",
    result: "succeeded",
    changeSummary: { update: 4, same: 2 },
    steps: [
      step(
        "preflight",
        "update",
        { release: 8, why: ["image 1 to 2"], image: image("2") },
        { release: 7, image: image("1") },
      ),
      step("backup", "update", {
        wanted: true,
        expected: { collections: 3, documents: 1200, bytes: 3_000_000, durationMs: 4000 },
      }),
      step("expand-migrations", "update", {
        pending: [{ version: "20270101000000", description: "names | of @dragons" }],
      }),
      step("bucket", "delete", {}),
      step("verification", "same", {}),
    ],
    diagnostics: [
      {
        severity: "info",
        message: "expand migrations, tried on a sample\n  20270101000000 ran in 3ms ```",
        urn: urn("expand-migrations"),
      },
      { severity: "warning", message: "release window would refuse this release: closed" },
    ],
    outputs: secretly,
    duration: 1,
    ...more,
  };
}

const known: Known = {
  ...{ stack: "staging", engine: "embedded 1", result: "succeeded" },
  reversible: new Map([["20270101000000", true]]),
  findings: [{ file: "20270101000000-names.ts", what: "reads a whole collection" }],
  durations: new Map([
    ["app-machines", 60_000],
    ["verification", 2000],
  ]),
};

const report = (more: Partial<OperationResult> = {}, other: Partial<Known> = {}) =>
  reportOf(foreseen(previewed(more)), { ...known, ...other });

describe("the report of a preview", () => {
  test("tells what is released, what changes, what is saved first, how long it takes and how it goes back", () => {
    const found = report();
    expect(found).toMatchObject({
      release: {
        number: 8,
        image: { before: expect.stringMatching(/^1 /), after: expect.stringMatching(/^2 /) },
      },
      backup: { wanted: true, documents: 1200, expectedMs: 4000 },
      expectedMs: 66_000,
      rollback: { command: "dnd rollback full --stack staging" },
    });
    expect(found.infrastructure.changes.map(({ name }) => name)).toContain("bucket");
    expect(found.infrastructure.changes.map(({ name }) => name)).not.toContain("verification");
    expect(found.risks).toEqual(
      expect.arrayContaining([
        "bucket is deleted",
        "20270101000000-names.ts: reads a whole collection",
        "release window would refuse this release: closed",
      ]),
    );
  });

  test("says that a migration without a way back leaves the archive alone", () => {
    const found = report({}, { reversible: new Map([["20270101000000", false]]) });
    expect(found.rollback.command).toBe("dnd rollback full --backup latest --stack staging");
    expect(found.risks.join()).toContain("has no way back");
  });

  test("says so where nothing is released", () => {
    const found = report({ changeSummary: { same: 5 }, steps: [], diagnostics: [] });
    expect(found).toMatchObject({ release: null, expectedMs: null, rollback: { command: null }, risks: [] });
    expect(reportText(found, "text")).toContain("nothing is released");
  });

  test("begins with what stands in the way", () => {
    const failed = report({
      result: "failed",
      diagnostics: [{ severity: "error", message: "it is refused" }],
    });
    expect(reportText(failed, "text").split("\n\n")[1]).toBe("It cannot be released\n  it is refused");
  });

  test.each(["text", "json", "markdown"] as const)("shows no secret as %s", (form) => {
    const text = reportText(report(), form);
    expect(text).not.toContain("canary");
    expect(text).toContain("20270101000000");
  });

  test("is safe in a comment: nobody is called, no table breaks, no fence ends early", () => {
    const text = reportText(report(), "markdown");
    expect(text).toContain("names \\| of @\u200bdragons");
    expect(text).toContain("````text\n");
    expect(text.length).toBeLessThan(65_536);
  });
});
