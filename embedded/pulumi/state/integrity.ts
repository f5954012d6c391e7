import type { ResourceState } from "../deployment";

/** What makes a list of resources unusable, in Pulumi's words; undefined when it is sound. */
export function integrityProblem(resources: ResourceState[]): string | undefined {
  const seen = new Set<string>();
  const alive = new Set<string>();
  const providers = new Set<string>();
  for (const state of resources) {
    if (!state.custom && state.id) return `resource ${state.urn} has 'custom' false but an id`;
    if (state.type.startsWith("pulumi:providers:")) providers.add(`${state.urn}::${state.id ?? ""}`);
    if (state.provider && !providers.has(state.provider) && !state.pendingReplacement)
      return `resource ${state.urn} refers to unknown provider ${state.provider}`;
    const missing = dependenciesOf(state).find((urn) => !seen.has(urn));
    if (missing) return `resource ${state.urn} needs ${missing}, which is missing or comes after it`;
    if (!state.delete && alive.has(state.urn)) return `duplicate resource ${state.urn}`;
    if (!state.delete) alive.add(state.urn);
    seen.add(state.urn);
  }
  return undefined;
}

function dependenciesOf(state: ResourceState): string[] {
  return [
    ...(state.parent ? [state.parent] : []),
    ...(state.dependencies ?? []),
    ...Object.values(state.propertyDependencies ?? {}).flat(),
    ...(state.deletedWith ? [state.deletedWith] : []),
    ...(state.replaceWith ?? []),
  ];
}
