import type { Progress } from "../support";

/** What a lifecycle gets from whoever runs it. */
export interface LifecycleContext {
  /** Fires when the operator interrupts: stop at the next safe point and throw. */
  signal: AbortSignal;
  /** Shows as the resource's own line while it works. */
  progress: Progress;
  /** What the operator must see though the step went well: it stays on the screen. */
  warn?: Progress;
  /** Stays in what the operation has said when it has ended, unlike progress. */
  report?: (message: string) => Promise<void>;
}

/** A module of a custom resource's life, which knows nothing of its host. */
export interface Lifecycle<Inputs, Outputs> {
  /** Looks, never writes: refuses what cannot work, so that the preview fails and not the deployment. */
  check?(olds: Partial<Inputs>, news: Inputs, context: LifecycleContext): Promise<CheckResult<Inputs>>;
  /** Compares what is wanted with reality and not only with the old state. */
  diff(id: string, olds: Outputs, news: Inputs, context: LifecycleContext): Promise<DiffResult>;
  create(inputs: Inputs, context: LifecycleContext): Promise<{ id: string; outs: Outputs }>;
  /** Returns every output, not only the changed ones. */
  update(id: string, olds: Outputs, news: Inputs, context: LifecycleContext): Promise<{ outs: Outputs }>;
  /** A blank id says that the thing is gone. */
  read(
    id: string,
    olds: Outputs,
    context: LifecycleContext,
  ): Promise<{ id: string; props?: Outputs; inputs?: Inputs }>;
  delete(id: string, olds: Outputs, context: LifecycleContext): Promise<void>;
}

export interface CheckResult<Inputs> {
  inputs: Inputs;
  failures?: { property: string; reason: string }[];
}

export interface DiffResult {
  changes: boolean;
  replaces?: string[];
  deleteBeforeReplace?: boolean;
}

/** What the Pulumi SDK sends for a value that a preview cannot know. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}
