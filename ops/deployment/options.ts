import type { EngineName } from "../engine";
import { localStackName } from "../local-stack";

/** What a deployment is made with. */
export interface DeploymentConfig {
  /** Which stack: `development` is the local one. */
  environment: "development" | "staging" | "production";
  /** Looks at everything and changes nothing. */
  dryRun?: boolean;
  /** Leaves pending migrations where they are. */
  skipMigrations?: boolean;
  /** For a whole method, in milliseconds; without it each step has its own limit alone. */
  timeout?: number;
  /** Without it what the stack's settings say. */
  backupEnabled?: boolean;
  /** Asks `confirm` before anything is changed, and refuses where nobody can be asked. */
  requireConfirmation?: boolean;
  /** Takes back what a failed deployment left behind; without it what the stack's settings say. */
  autoRollback?: boolean;
}

/** What is not of the deployment but of whoever starts it. */
export interface DeploymentSurroundings {
  /** What runs the program; the Pulumi CLI where there is one unless given. */
  engine?: EngineName;
  /** Fires to stop at the next safe point. */
  signal?: AbortSignal;
  /** Answers whether to go on; the question says what would be changed or lost. */
  confirm?: (question: string) => Promise<boolean>;
}

export interface RollbackOptions {
  /** `auto` unless given. */
  type?: "auto" | "app" | "migration" | "database" | "full";
  /** The release whose state comes back. */
  to?: number;
  /** Of type migration: how many go back. */
  steps?: number;
  /** The archive that data comes back from, or `latest`. */
  backupId?: string;
  reason?: string;
}

/** The stack of an environment. */
export function stackOf({ environment }: DeploymentConfig): string {
  return environment === "development" ? localStackName : environment;
}

/** How the options reach the program of the stack: above its settings, as the guides' variables do. */
export function environmentOf({ skipMigrations, backupEnabled }: DeploymentConfig): Record<string, string> {
  return {
    ...(skipMigrations === undefined ? {} : { SKIP_MIGRATIONS: String(skipMigrations) }),
    ...(backupEnabled === undefined ? {} : { BACKUP_ENABLED: String(backupEnabled) }),
  };
}
