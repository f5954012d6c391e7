import type { Undone } from "../rollback/undo-failed";

/** What every method answers: a failure is an answer, only a bug throws. */
export interface Outcome {
  success: boolean;
  /** In milliseconds. */
  duration: number;
  /** Why it failed, with what to do; undefined where it did not. */
  error?: string;
}

export interface ValidationResult extends Outcome {
  /** What stands in the way. */
  errors: string[];
  warnings: string[];
  /** What a deployment would change, e.g. { create: 2, update: 5 }. */
  changes: Record<string, number>;
}

export interface BackupResult extends Outcome {
  backupId?: string;
  location?: string;
  /** In bytes. */
  size?: number;
}

export interface MigrationResult extends Outcome {
  /** Versions that this run has brought into effect. */
  executed: string[];
  schemaVersion: string | null;
}

export interface DeploymentResult extends Outcome {
  url?: string;
  /** The image that serves. */
  image?: string;
  digest?: string;
  machines: number;
}

export interface VerificationResult extends Outcome {
  checks: { name: string; ok: boolean; detail: string }[];
}

export interface RollbackResult extends Outcome {
  /** What was rolled back, and what came back; undefined where nothing was. */
  rollbackOf?: number;
  target?: number;
  /** The version that runs now. */
  version?: string;
  /** Why this kind of rollback, or none. */
  reason?: string;
}

export interface FullDeploymentResult extends Outcome {
  environment: string;
  deploymentId: string;
  /** The number of the release that the stack is at, an earlier one where there was nothing to do; null where none is known. */
  release: number | null;
  phases: { name: string; success: boolean; duration: number }[];
  deployment: DeploymentResult;
  /** What became of a deployment that failed. */
  rollback?: Undone;
}

/** What a listener hears while a method works. */
export type DeploymentEvent =
  | { phase: string; kind: "started" }
  | { phase: string; kind: "progress"; message: string }
  | { phase: string; kind: "done" | "failed"; duration: number };
