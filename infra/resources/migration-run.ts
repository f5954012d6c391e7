import type * as pulumi from "@pulumi/pulumi";
import { join } from "node:path";
import type { DatabaseAddress } from "../drivers/mongo";
import type { FailurePolicy, MigrationPhase, SchemaRange } from "../engines/migration";
import { OperatorError, projectRoot } from "../support";
import { DndResource, type Wrapped } from "./dnd-resource";
import { isUnknown, type Lifecycle, type LifecycleContext } from "./lifecycle";
import { restoreOf } from "./failed-migration";
import { hasNoApp } from "./outposts";
import { rehearse, type Rehearsal } from "./rehearsal";

/** The migrations of one phase that a release runs. */
export interface MigrationRunInputs {
  /** The release's number; null while no plan could be made. */
  release: number | null;
  phase: MigrationPhase;
  address: DatabaseAddress;
  /** Relative to the checkout. */
  folder: string;
  /** The archive to go back to, and where it is. A new one is no reason to run. */
  archive: string | null;
  store?: string | null;
  /** What the plan says will run: a preview shows it, and nothing else is run. */
  pending: { version: string; description: string }[];
  /** What the plan says will be taken back, in place of running anything: a rollback. */
  reverting?: { version: string; description: string }[];
  /** What the stack's settings say of its migrations; no change of them is a reason to run. */
  rules?: MigrationRunRules | null;
  /** What a preview tries; it goes no further than that. */
  rehearsal?: Rehearsal | null;
}

/** How the migrations of a stack are run. */
export interface MigrationRunRules {
  /** How long one may take that says nothing itself. */
  timeoutMs: number;
  onFailure: NonNullable<FailurePolicy["onFailure"]>;
  requireDown: boolean;
  schema: SchemaRange | null;
  /** The app is in maintenance mode while contract migrations run. */
  maintenance?: boolean;
}

export interface MigrationRunOutputs extends MigrationRunInputs {
  schemaVersion: string | null;
  /** The versions of this phase in effect when the run had ended. */
  applied: string[];
  durationMs: number;
  /** How long each migration of the last run took, in milliseconds. */
  durations: Record<string, number>;
}

type Engine = typeof import("../engines/migration");

function engine(): Engine {
  return require("../engines/migration") as Engine;
}

/** The folder's place and the stack's rules, as every look takes them. */
function wantedOf({ folder, rules }: MigrationRunInputs) {
  const { requireDown, schema } = rules ?? {};
  return { folder: join(projectRoot, folder), requireDown, schema: schema ?? undefined };
}

async function run(inputs: MigrationRunInputs, context: LifecycleContext): Promise<MigrationRunOutputs> {
  const { address, phase, release, pending, reverting = [], rules } = inputs;
  const { progress, signal } = context;
  const { timeoutMs, onFailure = "stop" } = rules ?? {};
  const restore =
    onFailure === "restore" && pending.length > 0 ? await restoreOf(inputs, context) : undefined;
  const failing = { onFailure, restore, timeoutMs };
  const base = { address, ...wantedOf(inputs), release, progress, signal, ...failing };
  const versionsOf = (list: { version: string }[]) => list.map(({ version }) => version);
  const { schemaVersion, durationMs, ran } =
    reverting.length > 0
      ? await engine().downMigrations({ ...base, versions: versionsOf(reverting) })
      : await engine().runMigrations({ ...base, phase, versions: versionsOf(pending) });
  const durations = Object.fromEntries(ran.map((one) => [one.version, one.durationMs]));
  return { ...inputs, schemaVersion, durationMs, durations, applied: await appliedNow(inputs, signal) };
}

/** The journal's word on this phase. */
async function appliedNow(
  { address, phase, folder }: MigrationRunInputs,
  signal: AbortSignal,
): Promise<string[]> {
  const { rows } = await engine().migrationStatus({ address, folder: join(projectRoot, folder), signal });
  return rows.filter((row) => row.applied && row.phase === phase).map(({ version }) => version);
}

/** What stands in the way; where the database cannot be asked, what the files alone show. */
async function problemsOf(inputs: MigrationRunInputs, signal: AbortSignal): Promise<string[]> {
  const { address, release } = inputs;
  const wanted = wantedOf(inputs);
  const planned =
    release === null || isUnknown(address)
      ? undefined
      : await engine()
          .planMigrations({ address, ...wanted, signal })
          .catch(unlessUnreachable);
  return (planned ?? engine().validateMigrations(wanted.folder)).problems;
}

/** A database that is down says nothing of its schema: what was recorded stays. */
function unlessUnreachable(error: unknown): undefined {
  const unreachable = error instanceof OperatorError && error.code === "database-unreachable";
  if (!unreachable && !hasNoApp(error)) throw error;
}

export const lifecycle: Lifecycle<MigrationRunInputs, MigrationRunOutputs> = {
  async check(_olds, { rehearsal, ...news }, context) {
    const problems = await problemsOf(news, context.signal);
    if (rehearsal && problems.length === 0) {
      const failure = await rehearse(rehearsal, news, context);
      if (failure !== undefined) problems.push(failure);
    }
    return { inputs: news, failures: problems.map((reason) => ({ property: "pending", reason })) };
  },
  async diff(_id, olds, news, { signal }) {
    if (news.release === null || isUnknown(news.address)) return { changes: false };
    if (news.release !== olds.release) return { changes: true };
    const applied = await appliedNow(news, signal);
    return { changes: applied.join() !== olds.applied.join() };
  },
  async create(inputs, context) {
    return { id: `${inputs.phase}-migrations`, outs: await run(inputs, context) };
  },
  async update(_id, _olds, news, context) {
    return { outs: await run(news, context) };
  },
  async read(id, olds, { signal }) {
    const at = { address: olds.address, ...wantedOf(olds), signal };
    const seen = await engine().planMigrations(at).catch(unlessUnreachable);
    return { id, props: seen ? { ...olds, schemaVersion: seen.schemaVersion } : olds };
  },
  async delete() {
    // The schema belongs to the data, which outlives the resource.
  },
};

/** Runs the pending migrations of a phase. */
export class MigrationRun extends DndResource {
  declare readonly schemaVersion: pulumi.Output<string | null>;
  declare readonly applied: pulumi.Output<string[]>;

  constructor(name: string, inputs: Wrapped<MigrationRunInputs>, options?: pulumi.CustomResourceOptions) {
    super("MigrationRun", name, inputs, ["schemaVersion", "applied", "durationMs", "durations"], options);
  }
}
