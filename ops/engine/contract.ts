/** Where a stack is: its program, and where its state and settings lie. */
export interface StackPlace {
  stack: string;
  projectDir: string;
  /** e.g. file:///…/.dnd/state; undefined means what `pulumi login` chose. */
  backendUrl: string | undefined;
  /** File with the passphrase of the secrets; undefined means the environment says. */
  passphraseFile: string | undefined;
  /** Settings with the salt; undefined means `Pulumi.<stack>.yaml` beside the program. */
  configFile: string | undefined;
}

export type OperationKind = "preview" | "up" | "refresh" | "destroy";

export interface OperationOptions {
  targets: string[];
  replaces: string[];
  parallel: number | undefined;
  diff: boolean;
  expectNoChanges: boolean;
  policyPacks: string[];
  clearPendingCreates: boolean;
  message: string | undefined;
}

/** How an operation is run: where its text goes, who hears its events, and what stops it. */
export interface OperationRun {
  /** The engine's own display; undefined shows nothing. */
  display: NodeJS.WritableStream | undefined;
  color: boolean;
  /** The engine is asked to stop at the next safe point. */
  signal: AbortSignal;
  /** The engine is ended at once. */
  kill: AbortSignal;
  /** Added to the environment of program and providers. */
  env: Record<string, string>;
  onEvent(event: OperationEvent): void;
}

/** What both engines tell while they work. */
export type OperationEvent =
  | { kind: "step-started"; op: string; urn: string }
  | { kind: "step-done"; op: string; urn: string; failed: boolean; durationMs: number }
  | { kind: "progress"; urn: string; message: string };

type State = Record<string, unknown>;

/** One resource in an operation, close to those of `pulumi preview --json`. */
export interface OperationStep {
  op: string;
  urn: string;
  type: string;
  failed?: true;
  oldState?: State;
  newState?: State;
  diffReasons?: string[];
  detailedDiff: State | null;
}

/** What came of an operation, the same for both engines: the document of `--json`, where secrets are "[secret]". */
export interface OperationResult {
  operation: string;
  stack: string;
  engine: string;
  result: "succeeded" | "failed" | "interrupted";
  /** How many resources had which operation, e.g. { create: 2, same: 5 }. */
  changeSummary: Record<string, number>;
  steps: OperationStep[];
  diagnostics: { severity: string; message: string; urn?: string }[];
  outputs: Record<string, unknown>;
  /** In nanoseconds, as in Pulumi's documents. */
  duration: number;
}

/** One operation of the past. */
export interface HistoryEntry {
  kind: string;
  startTime: string;
  endTime: string | null;
  message: string;
  result: string;
  changes: Record<string, number>;
}

/** What runs the program of a stack: Pulumi's own CLI or the embedded engine. */
export interface StackEngine {
  readonly name: "pulumi" | "embedded";
  readonly version: string;
  run(
    kind: OperationKind,
    place: StackPlace,
    options: OperationOptions,
    run: OperationRun,
  ): Promise<OperationResult>;
  outputs(place: StackPlace, options: { showSecrets: boolean }): Promise<Record<string, unknown>>;
  /** The stack's settings by their full keys, secrets opened: objects as JSON. Never to be shown. */
  config(place: StackPlace): Promise<Record<string, string>>;
  /** Newest first. */
  history(place: StackPlace): Promise<HistoryEntry[]>;
  /** What the state holds, without opening its secrets. */
  resources(place: StackPlace): Promise<HeldResource[]>;
  /** Makes the stack where it does not exist. */
  ensureStack(place: StackPlace): Promise<void>;
  /** Removes the lock of a dead operation, with `all` any lock, and says what it did. */
  cancel(place: StackPlace, options: { all: boolean }): Promise<string>;
}

/** A resource as the state names it. */
export interface HeldResource {
  urn: string;
  /** Nothing may delete it. */
  protect: boolean;
}

/** Whether an operation found or made any change. */
export function hasChanges(result: OperationResult): boolean {
  return Object.entries(result.changeSummary).some(
    ([op, count]) => !["same", "read", "refresh"].includes(op) && count > 0,
  );
}
