import { CliEvents } from "../../../ops/engine/cli-events";

test("what a policy of Pulumi's CLI found stands among what the operation says, and a mandatory one as its error", () => {
  const events = new CliEvents(() => undefined);
  const found = (enforcementLevel: string, message: string) =>
    events.read(
      JSON.stringify({
        timestamp: 1,
        policyEvent: {
          ...{ policyPackName: "dnd-tracker", policyName: "no-open-network", policyPackVersion: "" },
          ...{ resourceUrn: "urn:pulumi:a::b::c::d", enforcementLevel, color: "raw", message },
        },
      }),
    );
  found("mandatory", "<{%fg 1%}>the network is open<{%reset%}>\n");
  found("advisory", "the cluster is small");
  expect(events.diagnostics).toEqual([
    {
      severity: "error",
      message: "policy dnd-tracker, no-open-network: the network is open",
      urn: "urn:pulumi:a::b::c::d",
    },
    expect.objectContaining({ severity: "warning" }),
  ]);
});
