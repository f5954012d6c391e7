import type { ResourceState } from "../deployment";
import { deleteInOrder, needsOf } from "./delete";
import type { Run } from "./run";

/** Deletes everything in the state, or the targets with those that hang on them. */
export async function destroy(run: Run): Promise<void> {
  const { book, targets } = run.parts;
  const everything = book.leftovers();
  const condemned = everything.filter((state) => targets.includesAlong(state.urn, needsOf(state)));
  const held = heldByOthers(everything, condemned);
  if (held) throw run.fail(new Error(held));
  const spared = everything.filter((state) => state.parent && !condemned.includes(state));
  for (const state of spared) await run.step("same", { urn: state.urn, old: state }, async () => ({ state }));
  await deleteInOrder(run, condemned, (state) =>
    state.external ? "discard" : state.delete ? "delete-replaced" : "delete",
  );
}

/** Why the targets cannot go alone; undefined when they can. */
function heldByOthers(
  everything: readonly ResourceState[],
  condemned: readonly ResourceState[],
): string | undefined {
  const going = new Set(condemned.map((state) => state.urn));
  for (const state of everything) {
    if (going.has(state.urn)) continue;
    const needed = needsOf(state).find((urn) => going.has(urn));
    if (needed)
      return `Cannot delete resource '${needed}': '${state.urn}' hangs on it. Name that one too, or use --target-dependents.`;
  }
  return undefined;
}
