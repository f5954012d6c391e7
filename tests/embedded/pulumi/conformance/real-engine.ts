import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stateOf } from "./state";
import type { CaseStep, Engine, Workspace } from "./case";

interface EngineEvent {
  resOutputsEvent?: { metadata: { op: string; urn: string } };
  resOpFailedEvent?: { metadata: { op: string; urn: string } };
  diagnosticEvent?: { severity: string; message: string };
  policyEvent?: { policyName: string; message: string };
}

/** The Pulumi CLI on PATH. */
export const realEngine: Engine = {
  name: "pulumi",
  async run(workspace, step, stack) {
    if (!existsSync(stateOf(workspace, stack))) await call(workspace, ["stack", "init", stack]);
    const { code, stdout, stderr } = await call(workspace, [
      ...argumentsOf(workspace, step, stack),
      "--json",
    ]);
    const events = stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as EngineEvent);
    return { ok: code === 0, steps: stepsOf(events), text: textOf(events) + stderr };
  },
};

function argumentsOf(workspace: Workspace, step: CaseStep, stack: string): string[] {
  const { targets = [], replaces = [], ...options } = step.options ?? {};
  return [
    step.op,
    "--stack",
    stack,
    ...(step.op === "preview" ? [] : ["--yes", "--skip-preview"]),
    ...targets.flatMap((urn) => ["--target", urn]),
    ...replaces.flatMap((urn) => ["--replace", urn]),
    ...(options.targetDependents ? ["--target-dependents"] : []),
    ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
    ...(options.refresh ? ["--refresh"] : []),
    ...(options.policyPack ? ["--policy-pack", join(workspace.folder, "policies")] : []),
  ];
}

/** Each resource's steps, sorted: engines may do independent ones in any order. */
function stepsOf(events: EngineEvent[]): string[] {
  const lines = events
    .flatMap((event) => {
      const done = event.resOutputsEvent?.metadata;
      const failed = event.resOpFailedEvent?.metadata;
      return [
        ...(done ? [`${done.op} ${done.urn}`] : []),
        ...(failed ? [`${failed.op} ${failed.urn} failed`] : []),
      ];
    })
    .filter((line) => !line.includes("pulumi:providers:pulumi-nodejs"));
  return [...new Set(lines)].sort();
}

function textOf(events: EngineEvent[]): string {
  return events
    .map((event) => event.policyEvent ?? event.diagnosticEvent)
    .filter((event) => event && !("severity" in event && event.severity === "debug"))
    .map((event) => event?.message ?? "")
    .join("");
}

function call(
  workspace: Workspace,
  args: string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", ["--non-interactive", ...args], {
      cwd: workspace.folder,
      env: { ...process.env, ...workspace.env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => (stdout += String(data)));
    child.stderr.on("data", (data) => (stderr += String(data)));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
