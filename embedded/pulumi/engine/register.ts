import type { Properties, ResourceState } from "../deployment";
import type { Subject } from "../providers";
import { parsePath, resetPath, withAssetHashes } from "../values";
import { formerUrns } from "./aliases";
import { decide } from "./decide";
import type { Goal } from "./goal";
import type { Handler } from "./handlers";
import { importState } from "./import";
import { create, keep, update } from "./perform";
import { recreate, replace } from "./replace";
import type { Run } from "./run";
import { isProviderType, makeUrn, parentTypeOf, rootType } from "./urn";
import { wantedState } from "./wanted-state";

/** Brings one resource of the program from what it is to what it shall be. */
export async function register(run: Run, goal: Goal): Promise<ResourceState> {
  const { stack, targets, policies } = run.parts;
  const place = { stack: stack.name, project: stack.project.name };
  const urn = makeUrn({ ...place, parentType: parentTypeOf(goal.parent), type: goal.type, name: goal.name });
  const subject: Subject = { urn, name: goal.name, type: goal.type };
  goal.inputs = withAssetHashes(goal.inputs, run.parts.programFolder);
  if (run.stopped) throw run.fail(new Error("the operation is stopping"), urn);
  claim(run, urn);
  await run.parts.verified;

  const { reference, handler } = await run.providers.forGoal(goal);
  const old = findOld(run, goal, urn, place);
  const hangsOn = [...goal.dependencies, ...(goal.parent ? [goal.parent] : [])];
  if (!isAlwaysTaken(goal.type) && !targets.includesAlong(urn, hangsOn))
    return leaveOut(run, goal, subject, handler, old);
  refuseSkipped(run, urn, hangsOn);

  const before = await importState({ run, goal, subject, handler, reference, old });
  const existing = before && !before.external ? before : undefined;
  const asked = existing ? withIgnored(goal, existing) : goal.inputs;
  const inputs = await check(
    run,
    handler,
    subject,
    existing?.pendingReplacement ? {} : (existing?.inputs ?? {}),
    asked,
  );
  const wanted = wantedState(run, goal, urn, reference, inputs);
  const next = { ...wanted, inputs: await policies.analyze(run, wanted, goal) };
  const work = { run, handler, subject, next, old: existing };

  const imported = before !== old;
  const state = await reach(work, goal, reference, existing, imported);
  if (before?.external) run.parts.book.settle(before);
  run.providers.adopt(state, handler);
  return state;
}

interface Work {
  run: Run;
  handler: Handler;
  subject: Subject;
  next: ResourceState;
  old: ResourceState | undefined;
}

async function reach(
  work: Work,
  goal: Goal,
  reference: string | undefined,
  old: ResourceState | undefined,
  imported: boolean,
): Promise<ResourceState> {
  if (!old) return create(work);
  if (old.pendingReplacement) return recreate(work, old);
  const { run, subject, next, handler } = work;
  const decision = await run.guarded(subject.urn, () =>
    decide({ run, goal, subject, old, inputs: next.inputs, reference, handler }),
  );
  if (decision.kind === "replace") return replace({ ...work, goal, decision, old });
  if (decision.kind === "update") return update({ ...work, decision });
  const state = imported ? takeOver(work, old) : await keep({ ...work, decision });
  if (isProviderType(goal.type)) await configureAgain(work, state);
  return state;
}

/** What was imported and is as the program wants it needs no step of its own. */
function takeOver({ run, next }: Work, old: ResourceState): ResourceState {
  const { id, outputs, created, modified } = old;
  const state = { ...next, id, outputs, created, modified } as ResourceState;
  run.parts.book.add(state);
  return state;
}

/** A provider that did not change still has to be told its settings in this run. */
async function configureAgain({ run, handler, subject }: Work, state: ResourceState): Promise<void> {
  await run.guarded(subject.urn, () =>
    handler.update(subject, state, state.inputs, { preview: run.dryRun, ignoreChanges: [] }),
  );
}

function claim(run: Run, urn: string): void {
  if (run.registered.has(urn))
    throw run.fail(new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`), urn);
  run.registered.add(urn);
}

/** The old state of this resource, under its own URN or one that it had before. */
function findOld(
  run: Run,
  goal: Goal,
  urn: string,
  place: { stack: string; project: string },
): ResourceState | undefined {
  const former = formerUrns(goal, place, goal.parent ? (run.aliases.get(goal.parent) ?? []) : []);
  run.aliases.set(urn, former);
  const { olds } = run.parts.book;
  const own = olds.get(urn);
  if (own) return own;
  const alias = former.find((one) => olds.has(one) && !run.registered.has(one));
  if (!alias) return undefined;
  run.takenOver.set(urn, alias);
  run.registered.add(alias);
  return olds.get(alias);
}

/** The stack and providers come along with whatever is targeted. */
function isAlwaysTaken(type: string): boolean {
  return type === rootType || isProviderType(type);
}

/** A resource outside the targets stays as it is; a new one is not made. */
async function leaveOut(
  run: Run,
  goal: Goal,
  subject: Subject,
  handler: Handler,
  old: ResourceState | undefined,
): Promise<ResourceState> {
  if (old) return keep({ run, handler, subject, old, next: { ...old, urn: subject.urn } });
  run.skipped.add(subject.urn);
  return { urn: subject.urn, custom: goal.custom, type: goal.type, inputs: goal.inputs, outputs: {} };
}

function refuseSkipped(run: Run, urn: string, hangsOn: readonly string[]): void {
  const missing = hangsOn.find((one) => run.skipped.has(one));
  if (missing) {
    throw run.fail(
      new Error(`Resource '${urn}' depends on '${missing}' which was was not specified in --target list.`),
      urn,
    );
  }
}

function withIgnored(goal: Goal, old: ResourceState): Properties {
  return goal.ignoreChanges.reduce(
    (inputs, path) => resetPath(old.inputs, inputs, parsePath(path)),
    goal.inputs,
  );
}

async function check(
  run: Run,
  handler: Handler,
  subject: Subject,
  olds: Properties,
  news: Properties,
): Promise<Properties> {
  const { inputs, failures } = await run.guarded(subject.urn, () => handler.check(subject, olds, news));
  if (failures.length > 0) throw run.fail(new Error(failures.join("\n")), subject.urn);
  return inputs;
}

/** The check again, as for a resource that never was: what a replacement starts from. */
export function checkAnew(run: Run, handler: Handler, subject: Subject, goal: Goal): Promise<Properties> {
  return check(run, handler, subject, {}, goal.inputs);
}
