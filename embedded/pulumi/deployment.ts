/** A property value as it stands in memory: plain JSON, secrets and unknowns as the wrapped objects below. */
export type PropertyValue =
  null | boolean | number | string | PropertyValue[] | { [key: string]: PropertyValue };
export type Properties = { [key: string]: PropertyValue };

/** One resource as a checkpoint keeps it; the names are Pulumi's own. */
export interface ResourceState {
  urn: string;
  custom: boolean;
  type: string;
  id?: string;
  inputs: Properties;
  outputs: Properties;
  parent?: string;
  provider?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  protect?: boolean;
  external?: boolean;
  delete?: boolean;
  initErrors?: string[];
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  aliases?: string[];
  customTimeouts?: { create?: number; update?: number; delete?: number };
  retainOnDelete?: boolean;
  deletedWith?: string;
  replaceWith?: string[];
  replaceOnChanges?: string[];
  resourceHooks?: Record<string, string[]>;
  importID?: string;
  ignoreChanges?: string[];
  created?: string;
  modified?: string;
  sourcePosition?: string;
  stackTrace?: { sourcePosition?: string }[];
  /** Someone ran `pulumi state taint`: the next update must replace it. */
  taint?: boolean;
  replacementTrigger?: PropertyValue;
  /** What a checkpoint holds beyond these fields rides along untouched when a state is copied by spreading it. */
}

export type PendingKind = "creating" | "updating" | "deleting" | "reading" | "importing";

export interface PendingOperation {
  resource: ResourceState;
  type: PendingKind;
}

/** The state of a stack between and during operations. */
export interface Snapshot {
  /** In dependency order: whoever is depended on stands first. */
  resources: ResourceState[];
  pendingOperations: PendingOperation[];
}

/** Where the engine writes the state after every step; durable before a delete and at the end. */
export interface SnapshotWriter {
  write(snapshot: Snapshot, options?: { durable?: boolean }): Promise<void>;
}

/** Turns one value's JSON text into the checkpoint's ciphertext and back. */
export interface SecretsProvider {
  encrypt(plaintext: string): Promise<string>;
  decrypt(ciphertext: string): Promise<string>;
}

export type StepKind =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "read-replacement"
  | "refresh"
  | "import"
  | "import-replacement"
  | "discard"
  | "remove-pending-replace";

/** What the engine tells while it works; the display and `--json` are made from these alone. */
export type EngineEvent =
  | {
      kind: "started";
      operation: "preview" | "up" | "refresh" | "destroy" | "import";
      stack: string;
      dryRun: boolean;
      /** Every secret of settings and state, so that a display blots them out from the first line on. */
      secretTexts?: string[];
    }
  | {
      kind: "step-started";
      step: StepKind;
      urn: string;
      at: number;
      /** Where the row stands in the tree while the step runs. */
      parent?: string;
      /** What the step works with, so that a display knows its secrets before the first message. */
      inputs?: Properties;
    }
  | {
      kind: "step-done";
      step: StepKind;
      urn: string;
      at: number;
      durationMs: number;
      failed: boolean;
      /** Before and after, with secrets still wrapped: whoever shows them must blind them. */
      old?: ResourceState;
      new?: ResourceState;
      diffs?: string[];
      detailedDiff?: Record<string, string>;
      replaces?: string[];
    }
  | {
      kind: "diagnostic";
      severity: "debug" | "info" | "warning" | "error";
      message: string;
      urn?: string;
      ephemeral?: boolean;
    }
  | {
      kind: "policy";
      name: string;
      pack: string;
      enforcement: "advisory" | "mandatory" | "remediate";
      message: string;
      urn?: string;
    }
  | { kind: "outputs"; outputs: Properties }
  | {
      kind: "finished";
      outcome: "succeeded" | "failed" | "interrupted";
      changes: Partial<Record<StepKind, number>>;
      durationMs: number;
    };

export const signatureKey = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
export const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
