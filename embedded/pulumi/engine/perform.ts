import type { Properties, ResourceState, StepKind } from "../deployment";
import { InitializationError, ProviderGoneError, type Subject } from "../providers";
import type { Decision } from "./decide";
import type { Handler } from "./handlers";
import type { Run } from "./run";
import { withRetries } from "./retries";
import { isProviderType } from "./urn";
import { declaredSecret, fieldsUnknownHere } from "./wanted-state";

interface Work {
  run: Run;
  handler: Handler;
  subject: Subject;
  /** The state to reach. */
  next: ResourceState;
  old?: ResourceState | undefined;
  decision?: Decision | undefined;
}

function about({ subject, old, next, decision }: Work) {
  return {
    urn: subject.urn,
    old,
    next,
    diffs: decision?.diffs,
    detailedDiff: decision?.detailedDiff,
    replaces: decision?.replaces,
  };
}

/** The resource stays as it is; what the program says of it (its options, its place) may change. */
export async function keep(work: Work): Promise<ResourceState> {
  const { run, old, next } = work;
  if (!old) throw new Error("nothing to keep");
  const state: ResourceState = { ...fieldsUnknownHere(old), ...next, outputs: old.outputs, ...kept(old) };
  const { state: done } = await run.step("same", about(work), async () => {
    run.parts.book.settle(old);
    run.parts.book.add(state, !sameRecord(old, state));
    return { state };
  });
  return done ?? state;
}

function kept(old: ResourceState): Partial<ResourceState> {
  return {
    ...(old.id === undefined ? {} : { id: old.id }),
    ...(old.created ? { created: old.created } : {}),
    ...(old.modified ? { modified: old.modified } : {}),
  };
}

function sameRecord(a: ResourceState, b: ResourceState): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(state: ResourceState): [string, unknown][] {
  return Object.entries(state).sort(([a], [b]) => a.localeCompare(b));
}

/** Makes a resource, for the first time or in place of an old one; `retire` says what becomes of that. */
export async function create(
  work: Work,
  kind: StepKind = "create",
  retire: () => void = () => undefined,
): Promise<ResourceState> {
  const { run, handler, subject, next } = work;
  const { state } = await run.step(kind, about(work), async () => {
    await run.parts.hooks.run("BeforeCreate", { run, next });
    const state = await pending(work, "creating", retire, async () => {
      const made = await handler.create(subject, next.inputs, options(run, next, "create"));
      const at = now();
      const id = next.custom ? { id: made.id } : {};
      return { ...next, ...id, outputs: secretOutputs(next, made.outputs), created: at, modified: at };
    });
    await run.parts.hooks.run("AfterCreate", { run, next: state });
    return { state };
  });
  await run.parts.book.write();
  return state;
}

/** Changes a resource where it stands. */
export async function update(work: Work): Promise<ResourceState> {
  const { run, handler, subject, next, old } = work;
  if (!old) throw new Error("nothing to update");
  const { state } = await run.step("update", about(work), async () => {
    await run.parts.hooks.run("BeforeUpdate", { run, next, old });
    const reached = { ...fieldsUnknownHere(old), ...next, ...kept(old) };
    const retire = () => run.parts.book.settle(old);
    const state = await pending({ ...work, next: reached }, "updating", retire, async () => {
      const changed = await handler.update(subject, old, next.inputs, options(run, next, "update"));
      return { ...reached, outputs: secretOutputs(next, changed.outputs), modified: now() };
    });
    await run.parts.hooks.run("AfterUpdate", { run, next: state, old });
    return { state };
  });
  await run.parts.book.write();
  return state;
}

/**
 * Does the provider's part of a step, named as pending in the state meanwhile. Old and new change places in one go:
 * whenever the state is written, one of them stands in it.
 */
async function pending(
  work: Work,
  kind: "creating" | "updating",
  retire: () => void,
  act: () => Promise<ResourceState>,
): Promise<ResourceState> {
  const { run, next, old } = work;
  const { book } = run.parts;
  const tracked = !run.dryRun && next.custom && !isProviderType(next.type);
  const operation = tracked ? await book.begin(kind, next) : undefined;
  const attempt = { run, next, old, operation: kind === "creating" ? "create" : "update" } as const;
  try {
    const state = await run.steps.run(() => withRetries(attempt, act));
    retire();
    book.add(state);
    if (operation) book.finish(operation);
    return state;
  } catch (error) {
    if (error instanceof InitializationError) {
      retire();
      book.add(unready(work, kind, error));
    }
    // After a provider's death nobody knows whether it did the work: the state goes on naming it as pending.
    if (operation && !(error instanceof ProviderGoneError)) book.finish(operation);
    await book.write();
    throw error;
  }
}

/** What exists but is not ready stays in the state with the reasons; the next update tries again. */
function unready(
  { run, next, old }: Work,
  kind: "creating" | "updating",
  error: InitializationError,
): ResourceState {
  for (const reason of error.reasons) run.say("error", reason, next.urn);
  return {
    ...next,
    ...(error.inputs ? { inputs: error.inputs } : {}),
    id: error.id,
    outputs: secretOutputs(next, error.outputs),
    initErrors: error.reasons.length > 0 ? error.reasons : [error.message],
    created: (kind === "updating" && old?.created) || now(),
    modified: now(),
  };
}

function options(run: Run, next: ResourceState, kind: "create" | "update") {
  return {
    preview: run.dryRun,
    ignoreChanges: next.ignoreChanges ?? [],
    timeoutSeconds: next.customTimeouts?.[kind],
  };
}

function secretOutputs(next: ResourceState, outputs: Properties): Properties {
  return declaredSecret(outputs, next.additionalSecretOutputs ?? []);
}

function now(): string {
  return new Date().toISOString();
}
