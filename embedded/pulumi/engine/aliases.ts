import type { Goal, AliasGoal } from "./goal";
import { makeUrn, parentTypeOf, partsOf } from "./urn";

interface Place {
  stack: string;
  project: string;
}

/** Every URN that a resource may have had before, its parents' former URNs multiplied in. */
export function formerUrns(goal: Goal, place: Place, parentAliases: readonly string[]): string[] {
  const urns = new Set<string>();
  for (const alias of goal.aliases) urns.add(resolve(alias, goal, place));
  for (const parent of goal.parent ? parentAliases : []) {
    urns.add(inherited(goal.name, goal.type, goal.parent ?? "", parent, place));
    for (const alias of goal.aliases) {
      const { name, type } = partsOf(resolve(alias, goal, place));
      urns.add(inherited(name, type, goal.parent ?? "", parent, place));
    }
  }
  return [...urns];
}

function resolve(alias: AliasGoal, goal: Goal, place: Place): string {
  if ("urn" in alias) return alias.urn;
  const parent = alias.noParent ? undefined : (alias.parent ?? goal.parent);
  return makeUrn({
    stack: alias.stack ?? place.stack,
    project: alias.project ?? place.project,
    parentType: parentTypeOf(parent),
    type: alias.type ?? goal.type,
    name: alias.name ?? goal.name,
  });
}

/** A child whose name begins with its parent's had the parent's former name in it. */
function inherited(name: string, type: string, parent: string, parentAlias: string, place: Place): string {
  const parentName = partsOf(parent).name;
  const former = name.startsWith(parentName)
    ? partsOf(parentAlias).name + name.slice(parentName.length)
    : name;
  return makeUrn({ ...place, parentType: partsOf(parentAlias).qualifiedType, type, name: former });
}
