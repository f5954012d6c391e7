import type { Properties, ResourceState } from "../deployment";
import type { ProviderDiff, Subject } from "../providers";
import { coversPath, diffProperties, parsePath, sameValue, topKeys } from "../values";
import type { Goal } from "./goal";
import type { Handler } from "./handlers";
import type { Run } from "./run";
import { partsOf, urnOfReference } from "./urn";

/** What is to happen to a resource that exists already. */
export interface Decision {
  kind: "same" | "update" | "replace";
  deleteFirst: boolean;
  diffs: string[];
  replaces: string[];
  detailedDiff: Record<string, string> | undefined;
}

export interface Question {
  run: Run;
  goal: Goal;
  subject: Subject;
  old: ResourceState;
  inputs: Properties;
  reference: string | undefined;
  handler: Handler;
}

/** Asks the provider what differs, and the options what follows from it. */
export async function decide(question: Question): Promise<Decision> {
  const { goal, old, inputs, handler, subject } = question;
  const diff = withReplaceOnChanges(
    complete(await handler.diff(subject, old, inputs, goal.ignoreChanges), old, inputs),
    goal,
  );
  const diffs = diff.changedKeys ?? [];
  const detailedDiff = diff.detailed;
  const found = {
    diffs,
    replaces: diff.replaces,
    detailedDiff,
    deleteFirst: goal.deleteBeforeReplace ?? diff.deleteBeforeReplace,
  };
  if (diff.replaces.length > 0 || (await mustReplace(question))) return { kind: "replace", ...found };
  if (diff.changes === "some" || (old.initErrors?.length ?? 0) > 0) return { kind: "update", ...found };
  return { kind: "same", ...found };
}

/** A provider that does not know leaves it to the inputs. */
function complete(diff: ProviderDiff, old: ResourceState, inputs: Properties): ProviderDiff {
  if (diff.changes !== "unknown") return diff;
  const detailed = diffProperties(old.inputs, inputs);
  const changes = Object.keys(detailed).length > 0 ? "some" : "none";
  return { ...diff, changes, detailed, changedKeys: topKeys(Object.keys(detailed)) };
}

function withReplaceOnChanges(diff: ProviderDiff, goal: Goal): ProviderDiff {
  if (diff.changes === "none" || goal.replaceOnChanges.length === 0) return diff;
  const patterns = goal.replaceOnChanges.map(parsePath);
  const covered = (path: string) => patterns.some((pattern) => coversPath(pattern, parsePath(path)));
  const paths = Object.keys(diff.detailed ?? {});
  const replaced = (paths.length > 0 ? paths : (diff.changedKeys ?? [])).filter(covered);
  if (replaced.length === 0) return diff;
  const detailed =
    diff.detailed &&
    Object.fromEntries(
      Object.entries(diff.detailed).map(([path, kind]) => [
        path,
        replaced.includes(path) && !kind.endsWith("-replace") ? `${kind}-replace` : kind,
      ]),
    );
  return {
    ...diff,
    replaces: [...new Set([...diff.replaces, ...topKeys(replaced)])],
    ...(detailed ? { detailed } : {}),
  };
}

async function mustReplace({ run, goal, subject, old, reference }: Question): Promise<boolean> {
  if (run.parts.replaces.has(subject.urn) || old.taint) return true;
  if (goal.replaceWith.some((urn) => run.replaced.has(urn))) return true;
  if (
    goal.replacementTrigger !== undefined &&
    old.replacementTrigger !== undefined &&
    !sameValue(goal.replacementTrigger, old.replacementTrigger)
  )
    return true;
  return (
    reference !== undefined &&
    old.provider !== undefined &&
    old.provider !== reference &&
    providerDiffers(run, old.provider, reference)
  );
}

/** Default providers follow one another; another explicit one keeps other things. */
function providerDiffers(run: Run, before: string, now: string): boolean {
  const [old, next] = [urnOfReference(before), urnOfReference(now)];
  if (old === next) return run.replaced.has(next);
  const isDefault = (urn: string) => partsOf(urn).name.startsWith("default");
  return !(isDefault(old) && isDefault(next)) && !run.takenOver.has(next);
}
