import type { EngineEvent, Properties, StepKind } from "../deployment";
import { Program } from "../program";
import { dynamicPackage, ProviderHost } from "../providers";
import { ownOutputs, type OpenStack, type Project } from "../state";
import { Book } from "./book";
import { destroy } from "./destroy";
import { deleteLeftovers } from "./finish";
import { Hooks } from "./hooks";
import { Monitor } from "./monitor";
import { Policies } from "./policies";
import { Providers } from "./providers";
import { refresh } from "./refresh";
import { register } from "./register";
import { registerProviderAs } from "./default-provider";
import { Run, ToldError } from "./run";
import { Targets } from "./targets";
import { resolve } from "node:path";

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
const defaultParallel = 16;

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
  const { kind, stack, onEvent } = options;
  onEvent({
    kind: "started",
    operation: kind,
    stack: stack.name,
    dryRun: kind === "preview",
    secretTexts: stack.secretTexts,
  });
  const desk = await openDesk(options);
  const { run, monitor } = desk;
  let outputs = ownOutputs(stack.snapshot);
  try {
    await Promise.race([work(options, desk), killed(options.kill)]);
    if (kind === "preview" || kind === "up") outputs = settleOutputs(run, monitor);
  } catch (error) {
    run.fail(error);
    if (kind === "up") outputs = settleOutputs(run, monitor);
  } finally {
    desk.close();
  }
  if (kind !== "preview") await run.parts.book.write({ durable: true });
  if (options.expectNoChanges && !run.failed && hasChanges(run))
    run.fail(new Error("no changes were expected but changes were proposed"));
  const outcome = options.signal?.aborted ? "interrupted" : run.failed ? "failed" : "succeeded";
  const durationMs = Date.now() - started;
  onEvent({ kind: "outputs", outputs });
  onEvent({ kind: "finished", outcome, changes: run.changes, durationMs });
  return { outcome, changes: run.changes, outputs, durationMs };
}

interface Desk {
  run: Run;
  monitor: Monitor;
  programFolder: string;
  close(): void;
}

/** Everything that an operation needs on its desk before the first step. */
async function openDesk(options: OperationOptions): Promise<Desk> {
  const { kind, stack, project, onEvent, env = process.env } = options;
  const monitor = await Monitor.listen();
  const programFolder = resolve(project.root, project.main);
  const onLine = (from: string, line: string) =>
    onEvent({ kind: "diagnostic", severity: "info", message: line.trimEnd() || from });
  const host = new ProviderHost({
    programFolder,
    engineAddress: monitor.address,
    project: project.name,
    stack: stack.name,
    env,
    onLine,
  });
  if (stack.snapshot.resources.some((state) => state.type.endsWith(`:${dynamicPackage}`))) host.warm();
  const policies = await Policies.start({
    folders: options.policyPacks ?? [],
    engineAddress: monitor.address,
    project: project.name,
    stack: stack.name,
    organization: stack.organization,
    dryRun: kind === "preview",
    config: stack.config.values,
    env,
    onLine,
  });
  const hooks = new Hooks();
  const run = new Run({
    kind,
    stack,
    programFolder,
    project,
    book: new Book(stack.snapshot, kind === "preview" ? undefined : stack.writer),
    host,
    hooks,
    policies,
    targets: new Targets(options.targets ?? [], options.targetDependents ?? false),
    replaces: new Set(options.replaces ?? []),
    parallel: options.parallel ?? defaultParallel,
    signal: options.signal ?? new AbortController().signal,
    onEvent,
  });
  run.providers = new Providers(
    run,
    registerProviderAs((goal) => register(run, goal)),
  );
  monitor.serve(run);
  return {
    run,
    monitor,
    programFolder,
    close: () => {
      monitor.close();
      hooks.close();
      policies.close();
      host.close();
    },
  };
}

async function work(options: OperationOptions, desk: Desk): Promise<void> {
  const { run } = desk;
  warnOfPending(run, options.stack);
  const unknown = run.parts.targets.unknown(
    options.kind === "destroy" || options.kind === "refresh" ? run.parts.book.leftovers() : [],
  );
  if ((options.kind === "destroy" || options.kind === "refresh") && unknown.length > 0) {
    throw run.fail(
      new Error(
        `Resource '${unknown[0] ?? ""}' could not be found in the stack. Did you forget to escape $ in your shell?`,
      ),
    );
  }
  if (options.kind === "destroy") return destroy(run);
  if (options.kind === "refresh") return refresh(run, { asPartOfUp: false });
  if (options.refresh) await refresh(run, { asPartOfUp: true });
  await runProgram(options, desk);
}

function warnOfPending(run: Run, stack: OpenStack): void {
  for (const { type, resource } of stack.snapshot.pendingOperations) {
    run.say(
      "warning",
      `an earlier run was interrupted while ${type} this resource: look whether it exists`,
      resource.urn,
    );
  }
}

/** Runs the program, and what follows from its end: the deletions, and the policies on the whole. */
async function runProgram(options: OperationOptions, { run, monitor, programFolder }: Desk): Promise<void> {
  const { stack, project, env = process.env } = options;
  const { options: runtime } = project.runtime;
  let finished: Promise<void> | undefined;
  const finish = () => (finished ??= finishProgram(run, monitor));
  monitor.onEnd = finish;
  const program = Program.start({
    root: project.root,
    folder: programFolder,
    project: project.name,
    stack: stack.name,
    organization: stack.organization,
    nodeArgs: typeof runtime.nodeargs === "string" ? runtime.nodeargs.split(/\s+/).filter(Boolean) : [],
    typescript: runtime.typescript !== false,
    engineAddress: monitor.address,
    dryRun: run.dryRun,
    parallel: run.parts.parallel,
    config: stack.config.values,
    secretKeys: stack.config.secretKeys,
    env,
    onLine: (stream, line) => run.say(stream === "stderr" ? "info" : "info", line),
  });
  const interrupted = aborted(run.parts.signal);
  options.kill?.addEventListener("abort", () => program.kill(), { once: true });
  const end = await Promise.race([program.ended, interrupted.then(() => "interrupted" as const)]);
  await monitor.settled();
  if (end === "interrupted") return program.kill();
  if (end === "failed") run.refuse();
  else if (end !== "succeeded") throw run.fail(new Error(`the program ${end}`));
  await finish();
}

async function finishProgram(run: Run, monitor: Monitor): Promise<void> {
  if (run.stopped) return;
  await run.parts.policies.analyzeStack(run);
  if (run.stopped) return;
  settleOutputs(run, monitor);
  await deleteLeftovers(run);
}

/** The stack's outputs stand with its own resource; after a failure the old ones stay beside the new. */
function settleOutputs(run: Run, monitor: Monitor): Properties {
  const root = [...run.parts.book.news.values()].find((state) => state.type === "pulumi:pulumi:Stack");
  if (!root) return {};
  const registered = monitor.stackOutputs;
  const outputs = registered === undefined || run.failed ? { ...root.outputs, ...registered } : registered;
  if (JSON.stringify(outputs) !== JSON.stringify(root.outputs)) {
    root.outputs = outputs;
    run.parts.book.touch();
  }
  return outputs;
}

function hasChanges(run: Run): boolean {
  return Object.entries(run.changes).some(
    ([step, count]) => count > 0 && !["same", "read", "refresh"].includes(step),
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function killed(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(new ToldError("killed")), { once: true });
  });
}
