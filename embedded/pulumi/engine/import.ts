import type { ResourceState } from "../deployment";
import type { Subject } from "../providers";
import type { Goal } from "./goal";
import type { Handler } from "./handlers";
import type { Run } from "./run";

interface Question {
  run: Run;
  goal: Goal;
  subject: Subject;
  handler: Handler;
  old: ResourceState | undefined;
}

/** Adopts what exists already where the program says so; else the old state stands as it is. */
export async function importState({
  run,
  goal,
  subject,
  handler,
  old,
}: Question): Promise<ResourceState | undefined> {
  if (!goal.importId || !goal.custom) return old;
  if (old && !old.external && (old.id === goal.importId || old.importID === goal.importId)) return old;
  const { state } = await run.step("import", { urn: subject.urn, old }, async () => {
    const seen = await run.steps.run(() => handler.read(subject, goal.importId, { inputs: {}, outputs: {} }));
    if (seen.id === "") throw new Error(`resource '${goal.importId}' does not exist`);
    const at = new Date().toISOString();
    const state: ResourceState = {
      urn: subject.urn,
      custom: true,
      type: subject.type,
      id: seen.id,
      importID: goal.importId,
      inputs: seen.inputs ?? seen.outputs,
      outputs: seen.outputs,
      created: at,
      modified: at,
    };
    return { state };
  });
  return state;
}
