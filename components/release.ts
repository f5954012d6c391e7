import * as pulumi from "@pulumi/pulumi";
import {
  detailsOf,
  directionOf,
  holdVariable,
  planHeld,
  planOrdered,
  planRelease,
  readBase,
  restoreOf,
  restoreOfBase,
  tellPassed,
  type BaseArchive,
  type ReleasePlan,
} from "../infra/engines/release";
import {
  Backup,
  MigrationRun,
  Preflight,
  ReleaseRecord,
  Restore,
  Verification,
  type DatabaseAddress,
  type GivenGates,
  type Rehearsal,
} from "../infra/resources";
import { explain } from "./explain";
import { promotedFrom } from "./promotion";
import type { DeployedApp, ReleaseArgs } from "./release-args";

export { readOrder as rollbackOrder } from "../infra/engines/release";
export type { Image } from "../infra/engines/release";
export type { DatabaseAddress } from "../infra/resources";
export type { DeployedApp, DeployStep, MigrationSettings, ReleaseArgs } from "./release-args";

type Phase = "expand" | "contract";

/** What the engines take unless they are told: a stack that wants no more keeps the very inputs that its state knows. */
const usualP95Ms = 2000;

/**
 * One release, told in its steps: preflight, backup, expand, deployment, verification, contract, record. A rollback
 * goes through the same steps, contract migrations first and expand migrations last, or over a restore.
 */
export class Release extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  readonly recorded: ReleaseRecord["recorded"];
  readonly archive: Backup["archive"];
  /** What ended well here, for a stack that accepts nothing else. */
  readonly passed: pulumi.Output<Record<string, string> | undefined>;
  /** What serves: name, port, process and version of each machine. */
  readonly machines: DeployedApp["machines"];

  constructor(name: string, args: ReleaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:Release", name, {}, options);
    const { environment, store, copies, database: address, order = null } = args;
    const direction = directionOf(order);
    const base = order ? null : readBase(process.env);
    const plan = planOf(args);
    const release = plan.number;
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
        commit: order ? order.commit : args.commit,
        // A freeze or a missing approval holds up no way back.
        ...(order || base ? {} : { gates: gatesOf(args, plan) }),
        ...(pulumi.runtime.isDryRun() && { preview: true }),
        details: { ...args.made, ...detailsOf(order) },
        ...(order?.quarantine && { quarantine: order.quarantine }),
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
    const restore = new Restore(
      "restore",
      {
        ...{ release, address, order: restoreOf(order) ?? baseOf(base, plan), serving: args.serving },
        ...(args.archive.recipients.length > 0 && { recipients: args.archive.recipients }),
      },
      after(backup),
    );
    const archive = backup.archive.apply((taken) => taken?.id ?? null);
    const migrate = (phase: Phase, ...steps: pulumi.Resource[]) =>
      new MigrationRun(
        `${phase}-migrations`,
        {
          ...{ release, address, archive, store, phase },
          ...migrationsOf(args, plan, phase),
          ...rehearsalOf(plan, args, phase),
        },
        after(...steps),
      );
    // Back, what only the new code understands is undone first, while the new code still serves.
    const [first, last]: [Phase, Phase] =
      direction === "rollback" ? ["contract", "expand"] : ["expand", "contract"];

    const before = migrate(first, restore);
    const { fail: p95Ms } = args.verification.thresholds.p95Ms;
    const app = args.deploy(
      {
        ...{ release, address, image: plan.image, schemaVersion: before.schemaVersion },
        ...{ machines: plan.machines, after: [before], returning: order?.automatic === true },
        ...(p95Ms !== usualP95Ms && { p95Ms }),
      },
      this,
    );
    const verification = new Verification(
      "verification",
      {
        ...{ release, address, url: app.url, expected: plan.image, rules: args.verification },
        serving: args.serving,
        schemaVersion: before.schemaVersion,
        resting: plan.machines.apply((machines) => machines === 0),
      },
      after(app),
    );
    const behind = migrate(last, verification);
    const record = new ReleaseRecord(
      "record",
      {
        release,
        address,
        image: plan.image,
        archive: backup.archive,
        schemaVersion: behind.schemaVersion,
        verdict: verification.verdict,
      },
      after(behind),
    );

    this.url = app.url;
    this.machines = app.machines;
    this.archive = backup.archive;
    this.recorded = record.recorded;
    this.passed = record.passed.apply((all) => all && tellPassed(all));
    this.registerOutputs({ url: this.url, recorded: this.recorded });
  }
}

/** A stack that has ever served keeps its data: only a new one begins with an archive. */
function baseOf(base: BaseArchive | null, plan: pulumi.Output<ReleasePlan>) {
  return base && plan.runningImage.apply((running) => (running ? null : restoreOfBase(base)));
}

/** The only look of the program at the world: a preview plans from what it sees, an update from the ensured database. */
function planOf(args: ReleaseArgs): pulumi.Output<ReleasePlan> {
  const address: pulumi.Output<DatabaseAddress | undefined> = pulumi.runtime.isDryRun()
    ? pulumi.output(undefined)
    : args.database;
  const { observers, order, policy } = args;
  const held = process.env[holdVariable] === "true";
  const plan = (known: DatabaseAddress | undefined) =>
    held
      ? planHeld(observers, known)
      : order
        ? planOrdered(order, observers, policy, known)
        : planRelease(observers, policy, known);
  return address.apply((known) => plan(known).catch(explain));
}

/** What must hold, with what the stack before knows of the image. */
function gatesOf({ gates, promotion }: ReleaseArgs, plan: pulumi.Output<ReleasePlan>): GivenGates {
  // A stack without one keeps the very inputs that its state knows.
  return promotion ? { ...gates, promotion: promotedFrom(promotion, plan.image) } : gates;
}

/** Where the migrations of a phase are, how they are run, and which of them, in which direction. */
function migrationsOf({ order, migrations }: ReleaseArgs, plan: pulumi.Output<ReleasePlan>, phase: Phase) {
  const { folder, rules } = migrations;
  const ofPhase = <M extends { version: string; description: string; phase: Phase }>(all: M[]) =>
    all.filter((one) => one.phase === phase).map(({ version, description }) => ({ version, description }));
  const pending = plan.pending.apply(ofPhase);
  return { folder, rules, pending, ...(order && { reverting: ofPhase(order.reverting) }) };
}

/** A preview tries all that is pending at once, with the first of the phases that have any; an update has been tried. */
function rehearsalOf(
  plan: pulumi.Output<ReleasePlan>,
  { migrations: { rehearsal } }: ReleaseArgs,
  phase: Phase,
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
