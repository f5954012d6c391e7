import type * as pulumi from "@pulumi/pulumi";
import type { Image, Observers, PlanPolicy, ReleaseDetails, RollbackOrder } from "../infra/engines/release";
import type {
  DatabaseAddress,
  GivenGates,
  MigrationRunRules,
  Serving,
  VerificationRules,
} from "../infra/resources";

/** What the step that deploys the app is given. */
export interface DeployStep {
  release: pulumi.Output<number | null>;
  address: pulumi.Output<DatabaseAddress>;
  image: pulumi.Output<Image>;
  schemaVersion: pulumi.Output<string | null>;
  /** A failed release is taken back: machines that have returned to the image by themselves stay as they are. */
  returning: boolean;
  /** How many machines an override wants; null where the settings say it. */
  machines: pulumi.Output<number | null>;
  /** 95 of 100 answers must be faster; left out where the stack wants what the guides want. */
  p95Ms?: number;
  after: pulumi.Resource[];
}

/** What the later steps need of a deployed app. */
export interface DeployedApp extends pulumi.Resource {
  readonly url: pulumi.Output<string>;
  readonly digest: pulumi.Output<string>;
  readonly machines: pulumi.Output<object[]>;
}

export interface ReleaseArgs {
  environment: string;
  database: pulumi.Output<DatabaseAddress>;
  /** Where archives go: a folder or an s3:// address. */
  store: pulumi.Input<string>;
  /** Further stores, which get copies. */
  copies: string[];
  /** The cluster at Atlas that makes a snapshot of its own beside each archive. */
  snapshot: { project: string; cluster: string } | undefined;
  /** How the archive is made, and what must be known of it before anything is changed. */
  archive: { preset: "default" | "small" | "fast" | "none"; restoreTest: boolean; recipients: string[] };
  migrations: MigrationSettings;
  commit: string | null;
  /** What the journal keeps of how it was made. */
  made: Pick<ReleaseDetails, "settingsHash" | "livesWith">;
  policy: PlanPolicy;
  /** What must hold before anything is touched. */
  gates: GivenGates;
  /** The stack in which all of it must have ended well before, and why not this time; null where none must. */
  promotion: { from: string; override: string | null } | null;
  verification: VerificationRules;
  /** How the plan looks at the world. */
  observers: Observers;
  /** What to go back to, and how; without it the stack goes forward. */
  order?: RollbackOrder | undefined;
  /** The app that gets no requests while data is restored. */
  serving: Serving;
  /** Deploys the app in the middle of the pipeline. */
  deploy: (step: DeployStep, parent: pulumi.Resource) => DeployedApp;
}

/** Where the migrations are, how they are run, and how a preview tries them; null where it does not. */
export interface MigrationSettings {
  folder: string;
  rules: MigrationRunRules;
  rehearsal: { sample: number; timeoutMs: number } | null;
}
