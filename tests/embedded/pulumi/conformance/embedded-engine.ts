import { join } from "node:path";
import * as pulumi from "../../../../embedded/pulumi";
import { Secret } from "../../../../infra/support";
import { passphrase, type Engine } from "./case";

/** The engine of this project, in this process. */
export const embeddedEngine: Engine = {
  name: "embedded",
  async run(workspace, step, stack) {
    const address = {
      projectDir: workspace.folder,
      stack,
      backendUrl: workspace.backend,
      passphrase: new Secret(passphrase),
    };
    if (!pulumi.stackExists(address)) await pulumi.createStack(address);
    const { policyPack, ...options } = step.options ?? {};
    const events: pulumi.EngineEvent[] = [];
    const result = await pulumi[step.op]({
      ...address,
      ...options,
      ...(policyPack ? { policyPacks: [join(workspace.folder, "policies")] } : {}),
      env: workspace.env,
      onEvent: (event) => events.push(event),
    });
    return { ok: result.outcome === "succeeded", steps: stepsOf(events), text: textOf(events) };
  },
};

function stepsOf(events: pulumi.EngineEvent[]): string[] {
  const lines = events.flatMap((event) =>
    event.kind === "step-done" ? [`${event.step} ${event.urn}${event.failed ? " failed" : ""}`] : [],
  );
  return [...new Set(lines)].sort();
}

function textOf(events: pulumi.EngineEvent[]): string {
  return events
    .map((event) => (event.kind === "diagnostic" || event.kind === "policy" ? `${event.message}\n` : ""))
    .join("");
}
