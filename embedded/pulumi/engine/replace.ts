import { unknownSentinel, type Properties, type ResourceState } from "../deployment";
import type { Subject } from "../providers";
import type { Decision } from "./decide";
import { deleteResource, refuseProtected } from "./delete";
import type { Goal } from "./goal";
import type { Handler } from "./handlers";
import { create } from "./perform";
import { checkAnew } from "./register";
import type { Run } from "./run";
import { partsOf } from "./urn";

interface Replacement {
  run: Run;
  handler: Handler;
  subject: Subject;
  next: ResourceState;
  old: ResourceState;
  goal: Goal;
  decision: Decision;
}

/** Puts a new resource in the place of the old one: the new one first, or the old one's end first. */
export async function replace(replacement: Replacement): Promise<ResourceState> {
  const { run, handler, subject, old, goal, decision } = replacement;
  refuseProtected(run, old, "replace");
  run.replaced.add(subject.urn);
  const inputs = await checkAnew(run, handler, subject, goal);
  const work = { run, handler, subject, next: { ...replacement.next, inputs }, old, decision };
  if (decision.deleteFirst) {
    await deleteFirst(run, old);
    return recreate(work, run.parts.book.olds.get(old.urn) ?? old);
  }
  const { book } = run.parts;
  const state = await create(work, "create-replacement", () => book.condemn(old));
  await run.step("replace", { ...work, urn: subject.urn, next: state }, async () => ({ state }));
  return state;
}

/** Makes again what was deleted to be replaced. */
export async function recreate(
  work: {
    run: Run;
    handler: Handler;
    subject: Subject;
    next: ResourceState;
    decision?: Decision | undefined;
  },
  old: ResourceState,
): Promise<ResourceState> {
  const { run, subject } = work;
  run.replaced.add(subject.urn);
  await run.step("replace", { urn: subject.urn, old, next: work.next }, async () => ({ state: work.next }));
  return create({ ...work, old }, "create-replacement", () => run.parts.book.settle(old));
}

/** Deletes a resource and, before it, everything that must be made anew because of it. */
async function deleteFirst(run: Run, old: ResourceState): Promise<void> {
  const dependents = await dependentsToReplace(run, old);
  for (const one of [...dependents.reverse(), old]) {
    refuseProtected(run, one, "replace");
    await deleteResource(run, one, "delete-replaced");
    run.parts.book.reviseOld(one, { ...one, pendingReplacement: true });
    await run.parts.book.write();
  }
}

/** Those that hang on a resource by a property whose change replaces them, and those that hang on those. */
async function dependentsToReplace(run: Run, root: ResourceState): Promise<ResourceState[]> {
  const replaced = new Set([root.urn]);
  const dependents: ResourceState[] = [];
  for (const state of run.parts.book.leftovers()) {
    if (state === root || state.delete || state.external || state.pendingReplacement || !state.custom)
      continue;
    if (run.registered.has(state.urn)) continue;
    const unknown = unknownInputs(state, replaced);
    if (unknown.length === 0) continue;
    const inputs: Properties = {
      ...state.inputs,
      ...Object.fromEntries(unknown.map((key) => [key, unknownSentinel])),
    };
    const handler = await run.providers.forState(state);
    const { name, type } = partsOf(state.urn);
    const diff = await run.guarded(state.urn, () =>
      handler.diff({ urn: state.urn, name, type }, state, inputs, []),
    );
    if (diff.replaces.length === 0) continue;
    replaced.add(state.urn);
    dependents.push(state);
  }
  return dependents;
}

/** The inputs that come from something that is being replaced. */
function unknownInputs(state: ResourceState, replaced: ReadonlySet<string>): string[] {
  const properties = Object.entries(state.propertyDependencies ?? {});
  const keys = properties.filter(([, urns]) => urns.some((urn) => replaced.has(urn))).map(([key]) => key);
  return keys.filter((key) => key in state.inputs);
}
