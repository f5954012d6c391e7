import * as pulumi from "@pulumi/pulumi";
import {
  planRelease,
  type Image,
  type Observers,
  type PlanPolicy,
  type ReleaseDetails,
  type ReleasePlan,
} from "../infra/engines/release";
import { leaveWord, OperatorError } from "../infra/support";
import {
  Backup,
  MigrationRun,
  Preflight,
  ReleaseRecord,
  Verification,
  type DatabaseAddress,
  type MigrationRunRules,
  type Rehearsal,
} from "../infra/resources";

export type { DatabaseAddress } from "../infra/resources";

/** What the step that deploys the app is given. */
export interface DeployStep {
  release: pulumi.Output<number | null>;
  address: pulumi.Output<DatabaseAddress>;
  image: pulumi.Output<Image>;
  schemaVersion: pulumi.Output<string | null>;
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
  store: string;
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
  /** How the plan looks at the world. */
  observers: Observers;
  /** Deploys the app in the middle of the pipeline. */
  deploy: (step: DeployStep, parent: pulumi.Resource) => DeployedApp;
}

/** Where the migrations are, how they are run, and how a preview tries them; null where it does not. */
export interface MigrationSettings {
  folder: string;
  rules: MigrationRunRules;
  rehearsal: { sample: number; timeoutMs: number } | null;
}

/** One release, told in its steps: preflight, backup, expand, deployment, verification, contract, record. */
export class Release extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  readonly recorded: ReleaseRecord["recorded"];
  readonly archive: Backup["archive"];
  /** What serves: name, port, process and version of each machine. */
  readonly machines: DeployedApp["machines"];

  constructor(name: string, args: ReleaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:Release", name, {}, options);
    const plan = planOf(args);
    const release = plan.number;
    const address = args.database;
    const { environment, store, copies } = args;
    const { folder, rules } = args.migrations;
    const after = (...steps: pulumi.Resource[]) => ({ parent: this, dependsOn: steps });

    const preflight = new Preflight(
      "preflight",
      {
        release,
        address,
        environment,
        image: plan.image,
        why: plan.why,
        problems: plan.problems,
        schemaBefore: plan.schemaBefore,
        commit: args.commit,
        details: args.made,
      },
      { parent: this },
    );
    const backup = new Backup(
      "backup",
      {
        release,
        address,
        environment,
        store,
        ...args.archive,
        // A stack with one store keeps the very inputs that its state knows.
        ...(copies.length > 0 && { copies }),
        ...(args.snapshot && { snapshot: args.snapshot }),
        wanted: plan.backup.wanted,
        expected: plan.backup.expected,
      },
      after(preflight),
    );
    const archive = backup.archive.apply((taken) => taken?.id ?? null);
    const migrating = { release, address, folder, archive, store, rules };
    const expand = new MigrationRun(
      "expand-migrations",
      {
        ...migrating,
        phase: "expand",
        pending: pendingOf(plan, "expand"),
        ...rehearsalOf(plan, args, "expand"),
      },
      after(backup),
    );
    const app = args.deploy(
      { release, address, image: plan.image, schemaVersion: expand.schemaVersion, after: [expand] },
      this,
    );
    const verification = new Verification(
      "verification",
      { release, address, url: app.url, expected: plan.image, schemaVersion: expand.schemaVersion },
      after(app),
    );
    const contract = new MigrationRun(
      "contract-migrations",
      {
        ...migrating,
        phase: "contract",
        pending: pendingOf(plan, "contract"),
        ...rehearsalOf(plan, args, "contract"),
      },
      after(verification),
    );
    const record = new ReleaseRecord(
      "record",
      {
        release,
        address,
        image: plan.image,
        archive: backup.archive,
        schemaVersion: contract.schemaVersion,
        verdict: verification.verdict,
      },
      after(contract),
    );

    this.url = app.url;
    this.machines = app.machines;
    this.archive = backup.archive;
    this.recorded = record.recorded;
    this.registerOutputs({ url: this.url, recorded: this.recorded });
  }
}

/** The only look of the program at the world: a preview plans from what it sees, an update from the ensured database. */
function planOf(args: ReleaseArgs): pulumi.Output<ReleasePlan> {
  const address: pulumi.Output<DatabaseAddress | undefined> = pulumi.runtime.isDryRun()
    ? pulumi.output(undefined)
    : args.database;
  return address.apply((known) => planRelease(args.observers, args.policy, known).catch(explain));
}

/** What an operator can mend is shown without a stack trace, and the command that started all this learns what it was. */
function explain(error: unknown): never {
  if (!(error instanceof OperatorError)) throw error;
  leaveWord(error);
  throw new pulumi.RunError(error.message);
}

function pendingOf(plan: pulumi.Output<ReleasePlan>, phase: "expand" | "contract") {
  return plan.pending.apply((pending) =>
    pending
      .filter((one) => one.phase === phase)
      .map(({ version, description }) => ({ version, description })),
  );
}

/** A preview tries all that is pending at once, with the first of the phases that have any; an update has been tried. */
function rehearsalOf(
  plan: pulumi.Output<ReleasePlan>,
  { migrations: { rehearsal } }: ReleaseArgs,
  phase: "expand" | "contract",
): { rehearsal?: pulumi.Output<Rehearsal | null> } {
  if (rehearsal === null || !pulumi.runtime.isDryRun()) return {};
  return {
    rehearsal: plan.apply(({ pending, database }) => {
      const first = pending.some((one) => one.phase === "expand") ? "expand" : "contract";
      if (pending.length === 0 || phase !== first) return null;
      return { versions: pending.map(({ version }) => version), empty: database === "new", ...rehearsal };
    }),
  };
}
