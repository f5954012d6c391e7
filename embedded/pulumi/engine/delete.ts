import type { ResourceState, StepKind } from "../deployment";
import { ProviderGoneError } from "../providers";
import { withRetries } from "./retries";
import type { Run } from "./run";
import { isProviderType, partsOf, urnOfReference } from "./urn";

/** Deletes one resource, as far as it is ours to delete, and tells of it. */
export async function deleteResource(run: Run, state: ResourceState, kind: StepKind): Promise<void> {
  const { urn } = state;
  if (run.dryRun && kind !== "discard") refuseProtected(run, state, "delete");
  await run.step(kind, { urn, old: state }, async () => {
    if (kind !== "discard") refuseProtected(run, state, "delete");
    const { book, hooks } = run.parts;
    if (run.dryRun || !isOursToDelete(run, state)) return {};
    await hooks.run("BeforeDelete", { run, old: state });
    const operation = await book.begin("deleting", state);
    try {
      const handler = await run.providers.forState(state);
      const { name, type } = partsOf(urn);
      const attempt = { run, old: state, operation: "delete" } as const;
      await run.steps.run(() => withRetries(attempt, () => handler.delete({ urn, name, type }, state)));
      book.finish(operation);
    } catch (error) {
      if (!(error instanceof ProviderGoneError)) book.finish(operation);
      await book.write();
      throw error;
    }
    await hooks.run("AfterDelete", { run, old: state });
    return {};
  });
}

function isOursToDelete(run: Run, state: ResourceState): boolean {
  if (!state.custom || state.external || state.retainOnDelete || isProviderType(state.type)) return false;
  return !(state.deletedWith && run.deleting.has(state.deletedWith));
}

export function refuseProtected(run: Run, state: ResourceState, verb: "delete" | "replace"): void {
  if (!state.protect) return;
  const unprotect = `pulumi state unprotect ${/^[\w:$./-]+$/.test(state.urn) ? `'${state.urn}'` : JSON.stringify(state.urn)}`;
  throw run.fail(
    new Error(
      verb === "replace"
        ? `unable to replace resource "${state.urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`up\``
        : `resource "${state.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`up\`, or use the command:\n\`${unprotect}\``,
    ),
    state.urn,
  );
}

/** Deletes resources so that whoever hangs on another goes before it, as many at once as that allows. */
export async function deleteInOrder(
  run: Run,
  states: readonly ResourceState[],
  kindOf: (state: ResourceState) => StepKind,
): Promise<void> {
  for (const state of states) run.deleting.add(state.urn);
  const waiting = new Set(states);
  const blocked = new Set<ResourceState>();
  const running = new Map<ResourceState, Promise<void>>();
  while (waiting.size > 0 || running.size > 0) {
    for (const state of run.stopped ? [] : readyToGo(waiting, running, blocked)) {
      waiting.delete(state);
      running.set(
        state,
        deleteOne(run, state, kindOf(state)).then((gone) => {
          running.delete(state);
          if (!gone) blocked.add(state);
        }),
      );
    }
    if (running.size === 0) return;
    await Promise.race(running.values());
  }
}

async function deleteOne(run: Run, state: ResourceState, kind: StepKind): Promise<boolean> {
  try {
    await deleteResource(run, state, kind);
  } catch {
    return false;
  }
  run.parts.book.settle(state);
  await run.parts.book.write();
  return true;
}

/** Those on which nobody hangs who is still there. */
function readyToGo(
  waiting: ReadonlySet<ResourceState>,
  running: ReadonlyMap<ResourceState, unknown>,
  blocked: ReadonlySet<ResourceState>,
): ResourceState[] {
  const needed = new Set<string>();
  for (const state of [...waiting, ...running.keys(), ...blocked])
    for (const urn of needsOf(state)) needed.add(urn);
  return [...waiting].filter((state) => !needed.has(state.urn));
}

/** Everything that must outlive a resource. */
export function needsOf(state: ResourceState): string[] {
  return [
    ...(state.parent ? [state.parent] : []),
    ...(state.dependencies ?? []),
    ...Object.values(state.propertyDependencies ?? {}).flat(),
    ...(state.provider ? [urnOfReference(state.provider)] : []),
    ...(state.deletedWith ? [state.deletedWith] : []),
  ];
}
