/** One operation of a case. */
export interface CaseStep {
  op: "preview" | "up" | "refresh" | "destroy";
  /** Which of the case's programs runs; default 0. */
  program?: number;
  options?: {
    targets?: string[];
    targetDependents?: boolean;
    replaces?: string[];
    expectNoChanges?: boolean;
    refresh?: boolean;
    policyPack?: boolean;
  };
  config?: Record<string, string | { secret: string }>;
  /** What somebody does to the cloud behind the engine's back, before this step: file name to new content, null removes it. */
  meddle?: Record<string, Record<string, unknown> | null>;
}

/** A small program, or several editions of one, and what is done with it. */
export interface Case {
  name: string;
  /** Bodies of index.js; `kit` is in scope: pulumi, Dyn, Thing, ThingProvider, Group. */
  programs: string[];
  steps: CaseStep[];
  /** Body of a policy pack's index.js. */
  policies?: string;
  /** Another stack's program, brought up first under the name `other`. */
  other?: string;
}

/** What one operation did, in a form in which two engines can be compared. */
export interface Observation {
  ok: boolean;
  steps: string[];
  state: unknown;
  outputs: unknown;
}

/** An engine under test. */
export interface Engine {
  name: string;
  run(
    workspace: Workspace,
    step: CaseStep,
    stack: string,
  ): Promise<{ ok: boolean; steps: string[]; text: string }>;
}

export interface Workspace {
  folder: string;
  project: string;
  backend: string;
  providerPort: number;
  /** Everything a CLI needs to know of the workspace, apart from its PATH. */
  env: Record<string, string>;
}

export const passphrase = "conformance";
export const project = "conf";
