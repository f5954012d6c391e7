import { toJson } from "../../../../embedded/pulumi/display";
import { canaries, toldOperation, urns } from "./told-operation";

describe("the document of --json", () => {
  const document = toJson(toldOperation(), ["canary-config-6"]);

  it("names every step once, with what it was, what it is and why", () => {
    expect(document.steps.map(({ op, urn }) => [op, urn])).toEqual([
      ["same", urns.stack],
      ["same", urns.pair],
      ["same", urns.quiet],
      ["update", urns.changed],
      ["replace", urns.replaced],
      ["delete", urns.gone],
      ["create", urns.failing],
    ]);
    expect(document.steps[3]).toMatchObject({
      type: "pulumi-nodejs:dynamic/dnd:Backup",
      oldState: { inputs: { size: 1, token: "[secret]" } },
      newState: { inputs: { size: 2, token: "[secret]" } },
      diffReasons: ["fresh", "list", "once", "size", "token"],
      detailedDiff: null,
    });
    expect(document.steps[4]).toMatchObject({
      replaceReasons: ["zone"],
      detailedDiff: { zone: { kind: "update-replace" } },
    });
    expect(document.steps[6]).toMatchObject({ failed: true });
  });

  it("has outputs, messages, policies, counts and the duration in nanoseconds", () => {
    expect(document).toMatchObject({
      operation: "up",
      stack: "dev",
      dryRun: false,
      result: "succeeded",
      outputs: { url: "http://b", token: "[secret]" },
      policies: [{ name: "never-public", enforcement: "mandatory", message: "says [secret]" }],
      changeSummary: { same: 3, update: 1, replace: 1, delete: 1 },
      duration: 61_200_000_000,
    });
    expect(document.diagnostics).toEqual([
      { severity: "warning", message: "careful with [secret] [secret]", urn: urns.replaced },
      { severity: "info", message: "hello\nfrom the program" },
      expect.objectContaining({ severity: "error", urn: urns.failing }),
    ]);
  });

  it("shows unknowns as such", () => {
    expect(toJson(toldOperation(true)).outputs).toMatchObject({ url: "[unknown]" });
  });

  it("holds no secret", () => {
    const text = JSON.stringify(document);
    for (const canary of canaries.flatMap((one) => one.split("\n"))) expect(text).not.toContain(canary);
  });

  it("says of an operation that never finished that it did not", () => {
    expect(toJson(toldOperation().slice(0, 4)).result).toBe("unfinished");
  });
});
