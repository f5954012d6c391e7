import { OperatorError, messageOf } from "../../../infra/support";
import type { EngineEvent, ResourceState, StepKind } from "../deployment";
import type { ProviderHost } from "../providers";
import type { OpenStack, Project } from "../state";
import type { Book } from "./book";
import type { Hooks } from "./hooks";
import { Limit } from "./limit";
import type { Policies } from "./policies";
import type { Providers } from "./providers";
import type { Targets } from "./targets";

/** A failure that has been told already: whoever catches it only passes it on. */
export class ToldError extends Error {}

export interface RunParts {
  kind: "preview" | "up" | "refresh" | "destroy" | "import";
  stack: OpenStack;
  programFolder: string;
  project: Project;
  book: Book;
  host: ProviderHost;
  hooks: Hooks;
  policies: Policies;
  targets: Targets;
  replaces: ReadonlySet<string>;
  parallel: number;
  /** Resolves when the passphrase has proved right, and else never: the operation is ended then. */
  verified: Promise<void>;
  signal: AbortSignal;
  onEvent: (event: EngineEvent) => void;
}

/** One operation under way: its parts, what it has done, and whether it goes on. */
export class Run {
  readonly changes: Partial<Record<StepKind, number>> = {};
  readonly steps: Limit;
  /** New URN to the old one it took over, and the URNs each could have had before. */
  readonly takenOver = new Map<string, string>();
  readonly aliases = new Map<string, string[]>();
  readonly registered = new Set<string>();
  /** URNs that this operation replaces. */
  readonly replaced = new Set<string>();
  /** URNs that this operation deletes. */
  readonly deleting = new Set<string>();
  /** Resources that a target leaves out and that do not exist yet. */
  readonly skipped = new Set<string>();
  #failed = false;
  providers!: Providers;

  constructor(readonly parts: RunParts) {
    this.steps = new Limit(parts.parallel);
  }

  get dryRun(): boolean {
    return this.parts.kind === "preview";
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Nothing new is begun once a step has failed or the operator has interrupted. */
  get stopped(): boolean {
    return this.#failed || this.parts.signal.aborted;
  }

  /** The operation is not to count as done well, for a reason that was told already. */
  refuse(): void {
    this.#failed = true;
  }

  say(severity: "debug" | "info" | "warning" | "error", message: string, urn?: string): void {
    this.parts.onEvent({ kind: "diagnostic", severity, message, ...(urn ? { urn } : {}) });
  }

  /** Tells a failure once and ends the operation; what runs already is waited for. */
  fail(error: unknown, urn?: string): ToldError {
    this.#failed = true;
    if (error instanceof ToldError) return error;
    const message = messageOf(error);
    this.say("error", message, urn);
    if (error instanceof Error && !(error instanceof OperatorError))
      this.say("debug", String(error.stack), urn);
    return new ToldError(message);
  }

  /** What is done outside of any step; its failure ends the operation too. */
  async guarded<T>(urn: string | undefined, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw this.fail(error, urn);
    }
  }

  /** Runs a step between its two events and counts it. */
  async step<T extends { state?: ResourceState | undefined }>(
    kind: StepKind,
    about: {
      urn: string;
      old?: ResourceState | undefined;
      next?: ResourceState | undefined;
      diffs?: string[] | undefined;
      detailedDiff?: Record<string, string> | undefined;
      replaces?: string[] | undefined;
    },
    work: () => Promise<T>,
  ): Promise<T> {
    const quiet = isQuiet(about.next ?? about.old);
    const started = Date.now();
    const { urn, old, diffs, detailedDiff, replaces } = about;
    const parent = (about.next ?? old)?.parent;
    if (!quiet)
      this.parts.onEvent({
        kind: "step-started",
        step: kind,
        urn,
        at: started,
        ...(parent ? { parent } : {}),
        inputs: (about.next ?? old)?.inputs ?? {},
      });
    const done = (failed: boolean, state: ResourceState | undefined) => {
      if (quiet) return;
      if (!failed) this.changes[kind] = (this.changes[kind] ?? 0) + 1;
      this.parts.onEvent({
        kind: "step-done",
        step: kind,
        urn,
        at: Date.now(),
        durationMs: Date.now() - started,
        failed,
        ...(old ? { old } : {}),
        ...(state ? { new: state } : {}),
        ...(diffs ? { diffs } : {}),
        ...(detailedDiff ? { detailedDiff } : {}),
        ...(replaces ? { replaces } : {}),
      });
    };
    try {
      const result = await work();
      done(false, result.state);
      return result;
    } catch (error) {
      const told = this.fail(error, urn);
      done(true, about.next);
      throw told;
    }
  }
}

/** Default providers come and go with what they serve, and nobody wants to read of them. */
function isQuiet(state: ResourceState | undefined): boolean {
  return state?.type.startsWith("pulumi:providers:") === true && !state.parent;
}
