import { junitOf, type GateResult } from "../../../../infra/engines/preflight";
import { reportText } from "../../../../ops/check/text";

const gate = (name: string, state: GateResult["state"], stops: boolean, reason: string): GateResult => ({
  ...{ gate: name, state, stops, reason, durationMs: 1500 },
  remedy: state === "ok" ? null : "Mend it.",
});
const report = {
  ...{ environment: "production", release: 5, strict: true, ok: false },
  gates: [
    gate("image", "ok", false, "tracker:1.2.0 is sha256:3f2a…"),
    gate("proof", "warn", true, "missing for commit 012345678"),
    gate("oplog window", "unknown", false, 'it is <empty> & "odd" \u001b[31m'),
    gate("quarantine", "fail", true, "release 4 showed the image to be bad"),
  ],
};

describe("the report of the preflight", () => {
  test("is JUnit XML for CI: what stops fails, what nobody could ask is skipped", () => {
    const xml = junitOf(report);
    expect(xml).toContain(
      '<testsuite name="preflight production" tests="4" failures="2" skipped="1" time="6.000">',
    );
    expect(xml).toContain('<testcase classname="preflight" name="image" time="1.500"><system-out>ok: ');
    expect(xml).toContain('<failure type="warn" message="missing for commit 012345678">');
    expect(xml).toContain('<skipped message="it is &lt;empty&gt; &amp; &quot;odd&quot; ?[31m"/>');
    expect(xml.match(/<testcase /g)).toHaveLength(4);
    expect(xml.match(/<\/testcase>/g)).toHaveLength(4);
  });

  test("is a table for people: each gate, what to mend, and the verdict", () => {
    const lines = reportText(report).split("\n");
    expect(lines[0]).toMatch(/^✓ +image +ok +tracker:1\.2\.0/);
    expect(lines[1]).toMatch(/^✗ +proof +warn, strictly +missing for commit/);
    expect(lines[2]).toMatch(/^\? +oplog window +unknown/);
    expect(lines).toContain("quarantine: Mend it.");
    expect(lines.at(-1)).toBe("production, strict: release 5 would be refused by 2 of 4 gates");
  });
});
