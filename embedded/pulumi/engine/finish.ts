import type { ResourceState, StepKind } from "../deployment";
import { deleteInOrder, needsOf } from "./delete";
import type { Run } from "./run";

/** Removes what the program no longer has and what was replaced, whoever hangs on another first. */
export async function deleteLeftovers(run: Run): Promise<void> {
  const { book, targets } = run.parts;
  const condemned: ResourceState[] = [];
  for (const state of book.leftovers()) {
    if (run.registered.has(state.urn) && !state.delete) continue;
    if (!state.delete && !targets.includesAlong(state.urn, needsOf(state))) continue;
    if (state.pendingReplacement) book.settle(state);
    else condemned.push(state);
  }
  await deleteInOrder(run, condemned, kindOf);
}

function kindOf(state: ResourceState): StepKind {
  if (state.delete) return "delete-replaced";
  return state.external ? "discard" : "delete";
}
