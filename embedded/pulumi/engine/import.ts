import type { ResourceState } from "../deployment";
import type { Subject } from "../providers";
import type { Goal } from "./goal";
import type { Handler } from "./handlers";
import type { Run } from "./run";
import { wantedState } from "./wanted-state";

interface Question {
  run: Run;
  goal: Goal;
  subject: Subject;
  handler: Handler;
  /** The provider's, as states name it. */
  reference: string | undefined;
  old: ResourceState | undefined;
}

/** Adopts what exists already where the program says so; else the old state stands as it is. */
export async function importState({
  run,
  goal,
  subject,
  handler,
  reference,
  old,
}: Question): Promise<ResourceState | undefined> {
  if (!goal.importId || !goal.custom) return old;
  if (old && !old.external && (old.id === goal.importId || old.importID === goal.importId)) return old;
  const { state } = await run.step("import", { urn: subject.urn, old }, async () => {
    const seen = await run.steps.run(() => handler.read(subject, goal.importId, { inputs: {}, outputs: {} }));
    if (seen.id === "") throw new Error(`resource '${goal.importId}' does not exist`);
    const at = new Date().toISOString();
    // Protected and kept from here on, as the program wants it: what is adopted is nothing to be deleted for a difference.
    const adopted = wantedState(run, goal, subject.urn, reference, seen.inputs ?? seen.outputs);
    return { state: { ...adopted, id: seen.id, outputs: seen.outputs, created: at, modified: at } };
  });
  return state;
}
