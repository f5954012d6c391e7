import type { Properties, ResourceState } from "../deployment";
import { isSecret, wrapSecret } from "../values";
import type { Goal } from "./goal";
import type { Run } from "./run";

/** Options that a child has from its parent unless it says otherwise. */
export interface Inherited {
  protect: boolean;
  retainOnDelete: boolean;
  deletedWith: string;
}

export function inheritedOptions(run: Run, goal: Goal): Inherited {
  const parent = goal.parent ? run.parts.book.news.get(goal.parent) : undefined;
  return {
    protect: goal.protect ?? parent?.protect ?? false,
    retainOnDelete: goal.retainOnDelete ?? parent?.retainOnDelete ?? false,
    deletedWith: goal.deletedWith || (parent?.deletedWith ?? ""),
  };
}

/** The state that a goal asks for; id and outputs come with the step that reaches it. */
export function wantedState(
  run: Run,
  goal: Goal,
  urn: string,
  reference: string | undefined,
  inputs: Properties,
): ResourceState {
  const { protect, retainOnDelete, deletedWith } = inheritedOptions(run, goal);
  return {
    urn,
    custom: goal.custom,
    type: goal.type,
    inputs,
    outputs: {},
    ...(goal.parent ? { parent: goal.parent } : {}),
    ...(protect ? { protect } : {}),
    ...(goal.dependencies.length > 0 ? { dependencies: goal.dependencies } : {}),
    ...(reference ? { provider: reference } : {}),
    ...(Object.keys(goal.propertyDependencies).length > 0
      ? { propertyDependencies: goal.propertyDependencies }
      : {}),
    ...(goal.additionalSecretOutputs.length > 0
      ? { additionalSecretOutputs: goal.additionalSecretOutputs }
      : {}),
    ...(goal.customTimeouts ? { customTimeouts: goal.customTimeouts } : {}),
    ...(goal.importId ? { importID: goal.importId } : {}),
    ...(retainOnDelete ? { retainOnDelete } : {}),
    ...(deletedWith ? { deletedWith } : {}),
    ...(goal.replaceWith.length > 0 ? { replaceWith: goal.replaceWith } : {}),
    ...(goal.replacementTrigger === undefined ? {} : { replacementTrigger: goal.replacementTrigger }),
    ...(goal.ignoreChanges.length > 0 ? { ignoreChanges: goal.ignoreChanges } : {}),
    ...(goal.replaceOnChanges.length > 0 ? { replaceOnChanges: goal.replaceOnChanges } : {}),
    ...(Object.keys(goal.hooks).length > 0 ? { resourceHooks: goal.hooks } : {}),
  };
}

/** Outputs that are declared secret, wrapped. */
export function declaredSecret(outputs: Properties, names: readonly string[]): Properties {
  const wrapped = { ...outputs };
  for (const name of names) {
    const value = wrapped[name];
    if (value !== undefined && !isSecret(value)) wrapped[name] = wrapSecret(value);
  }
  return wrapped;
}

const knownFields: Record<keyof ResourceState, true> = {
  urn: true,
  custom: true,
  type: true,
  id: true,
  inputs: true,
  outputs: true,
  parent: true,
  provider: true,
  dependencies: true,
  propertyDependencies: true,
  protect: true,
  external: true,
  delete: true,
  initErrors: true,
  pendingReplacement: true,
  additionalSecretOutputs: true,
  aliases: true,
  customTimeouts: true,
  retainOnDelete: true,
  deletedWith: true,
  replaceWith: true,
  replaceOnChanges: true,
  resourceHooks: true,
  importID: true,
  ignoreChanges: true,
  created: true,
  modified: true,
  sourcePosition: true,
  stackTrace: true,
  taint: true,
  replacementTrigger: true,
};

/** What a newer engine wrote about a resource that this one does not know: it stays as it is. */
export function fieldsUnknownHere(old: ResourceState): Partial<ResourceState> {
  return Object.fromEntries(Object.entries(old).filter(([field]) => !(field in knownFields)));
}
