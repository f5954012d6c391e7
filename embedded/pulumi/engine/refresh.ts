import type { ResourceState, StepKind } from "../deployment";
import { sameValue } from "../values";
import type { Run } from "./run";
import { isProviderType, partsOf } from "./urn";

/** Brings what is known of every resource to what is really there. */
export async function refresh(
  run: Run,
  options: { asPartOfUp: boolean; clearPendingCreates?: boolean | undefined },
): Promise<void> {
  if (options.clearPendingCreates) {
    for (const urn of run.parts.book.clearPendingCreates())
      run.say("info", "its creation is no longer named as pending", urn);
  }
  const states = run.parts.book.leftovers().filter((state) => !state.delete && !state.pendingReplacement);
  await Promise.all(
    states.filter((state) => run.parts.targets.includes(state.urn)).map((state) => look(run, state, options)),
  );
  run.parts.book.pruneDependencies();
  await run.parts.book.write();
}

async function look(run: Run, state: ResourceState, { asPartOfUp }: { asPartOfUp: boolean }): Promise<void> {
  if (run.stopped) return;
  const seen = await run.guarded(state.urn, () => run.steps.run(() => read(run, state)));
  const current = run.parts.book.olds.get(state.urn) ?? state;
  const revised = seen && reviseIfChanged(current, seen);
  const kind: StepKind = asPartOfUp
    ? "refresh"
    : !revised
      ? "delete"
      : revised === current
        ? "same"
        : "update";
  await run.step(kind, { urn: state.urn, old: current, next: revised }, async () => {
    if (revised !== current) run.parts.book.reviseOld(current, revised);
    return { state: revised };
  });
}

/** The state as its provider sees it; undefined when it is gone. */
async function read(run: Run, state: ResourceState): Promise<ResourceState | undefined> {
  if (!state.custom || isProviderType(state.type) || state.type === "pulumi:pulumi:StackReference")
    return state;
  const handler = await run.providers.forState(state);
  const { name, type } = partsOf(state.urn);
  const seen = await handler.read({ urn: state.urn, name, type }, state.id ?? "", state);
  if (seen.id === "") return undefined;
  return { ...state, id: seen.id, inputs: seen.inputs ?? state.inputs, outputs: seen.outputs };
}

/** Keeps the very object when nothing changed, so that nothing is written. */
function reviseIfChanged(current: ResourceState, seen: ResourceState): ResourceState {
  if (
    current.id === seen.id &&
    sameValue(current.inputs, seen.inputs) &&
    sameValue(current.outputs, seen.outputs)
  )
    return current;
  return {
    ...current,
    id: seen.id ?? "",
    inputs: seen.inputs,
    outputs: seen.outputs,
    modified: new Date().toISOString(),
  };
}
