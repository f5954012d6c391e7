import { setTimeout as sleep } from "node:timers/promises";
import type { EngineEvent, Properties, StepKind } from "../deployment";
import { ownOutputs, type OpenStack, type Project } from "../state";
import { openDesk, type Desk } from "./desk";
import { destroy } from "./destroy";
import { runProgram, settleOutputs } from "./program-run";
import { refresh } from "./refresh";
import { ToldError, type Run } from "./run";

export interface OperationOptions {
  kind: "preview" | "up" | "refresh" | "destroy";
  stack: OpenStack;
  project: Project;
  parallel?: number | undefined;
  targets?: readonly string[] | undefined;
  targetDependents?: boolean | undefined;
  replaces?: readonly string[] | undefined;
  expectNoChanges?: boolean | undefined;
  /** Looks at reality before the program runs. */
  refresh?: boolean | undefined;
  /** A refresh forgets the creations that runs which died left as pending. */
  clearPendingCreates?: boolean | undefined;
  policyPacks?: readonly string[] | undefined;
  message?: string | undefined;
  /** Nothing new is begun after it; what runs is waited for. */
  signal?: AbortSignal | undefined;
  /** Everything is ended at once. */
  kill?: AbortSignal | undefined;
  onEvent: (event: EngineEvent) => void;
  env?: NodeJS.ProcessEnv | undefined;
}

export interface OperationResult {
  outcome: "succeeded" | "failed" | "interrupted";
  changes: Partial<Record<StepKind, number>>;
  outputs: Properties;
  durationMs: number;
}

const historyKinds = { up: "update", refresh: "refresh", destroy: "destroy" } as const;
/** How long the steps of a killed operation may take to notice it. */
const lastWordsMs = 2000;

/** Runs one operation on a stack, from its lock to its history. */
export async function runOperation(options: OperationOptions): Promise<OperationResult> {
  const { kind, stack } = options;
  if (kind === "preview") return operate(options);
  const lock = await stack.lock(kind);
  try {
    stack.begin(historyKinds[kind], options.message);
    const result = await operate(options);
    await stack.finish({
      result: result.outcome === "succeeded" ? "succeeded" : "failed",
      changes: result.changes,
    });
    return result;
  } finally {
    await lock.release();
  }
}

async function operate(options: OperationOptions): Promise<OperationResult> {
  const started = Date.now();
  const { kind, stack } = options;
  const { onEvent, release } = heldBack(options.onEvent);
  // Deriving the key takes as long as starting the program, so both go on at once; no step begins before it is proved.
  const verified = stack.verify();
  const desk = await openDesk(
    { ...options, onEvent },
    {
      verified: verified.catch(() => new Promise(() => undefined)),
      opened: () => {
        const { name, secretTexts } = stack;
        release({ kind: "started", operation: kind, stack: name, dryRun: kind === "preview", secretTexts });
      },
    },
  );
  const { run, monitor } = desk;
  let outputs = ownOutputs(stack.snapshot);
  const working = work(options, desk);
  try {
    await Promise.race([working, failureOf(verified), killed(options.kill)]);
    if (kind === "preview" || kind === "up") outputs = settleOutputs(run, monitor);
  } catch (error) {
    run.refuse();
    await verified;
    run.fail(error);
    if (kind === "up") outputs = settleOutputs(run, monitor);
  } finally {
    desk.close();
    await Promise.race([working.catch(() => undefined), sleep(lastWordsMs, undefined, { ref: false })]);
  }
  await run.guarded(undefined, () => run.parts.book.write({ durable: true })).catch(() => undefined);
  if (options.expectNoChanges && !run.failed && hasChanges(run))
    run.fail(new Error("no changes were expected but changes were proposed"));
  const outcome = wasInterrupted(options) ? "interrupted" : run.failed ? "failed" : "succeeded";
  const durationMs = Date.now() - started;
  onEvent({ kind: "outputs", outputs });
  onEvent({ kind: "finished", outcome, changes: run.changes, durationMs });
  return { outcome, changes: run.changes, outputs, durationMs };
}

async function work(options: OperationOptions, desk: Desk): Promise<void> {
  const { run } = desk;
  const { kind, signal } = options;
  signal?.addEventListener("abort", () => void run.parts.host.cancel(), { once: true });
  if (!options.clearPendingCreates) warnOfPending(run, options.stack);
  if (kind === "destroy" || kind === "refresh") {
    await run.parts.verified;
    refuseUnknownTargets(run);
    if (kind === "destroy") return destroy(run);
    const { clearPendingCreates } = options;
    return refresh(run, { asPartOfUp: false, clearPendingCreates });
  }
  if (options.refresh) await refresh(run, { asPartOfUp: true });
  await runProgram(desk, desk.program());
}

/** Until the state is open nobody knows its secrets, so what the program says by then is not shown before. */
function heldBack(onEvent: (event: EngineEvent) => void) {
  let held: EngineEvent[] | undefined = [];
  return {
    onEvent: (event: EngineEvent) => void (held ? held.push(event) : onEvent(event)),
    release(started: EngineEvent) {
      const waiting = held ?? [];
      held = undefined;
      [started, ...waiting].forEach((event) => onEvent(event));
    },
  };
}

function refuseUnknownTargets(run: Run): void {
  const [unknown] = run.parts.targets.unknown(run.parts.book.leftovers());
  if (unknown === undefined) return;
  throw run.fail(
    new Error(
      `Resource '${unknown}' could not be found in the stack. Did you forget to escape $ in your shell?`,
    ),
  );
}

function warnOfPending(run: Run, stack: OpenStack): void {
  for (const { type, resource } of stack.snapshot.pendingOperations) {
    run.say(
      "warning",
      `an earlier run was interrupted while ${type} this resource: look whether it exists, then forget it by \`refresh --clear-pending-creates\``,
      resource.urn,
    );
  }
}

function hasChanges(run: Run): boolean {
  return Object.entries(run.changes).some(
    ([step, count]) => count > 0 && !["same", "read", "refresh"].includes(step),
  );
}

const wasInterrupted = ({ signal, kill }: OperationOptions) => Boolean(signal?.aborted || kill?.aborted);

/** Rejects when a promise does, and else never ends. */
async function failureOf(promise: Promise<void>): Promise<never> {
  await promise;
  return new Promise(() => undefined);
}

function killed(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(new ToldError("killed")), { once: true });
  });
}
