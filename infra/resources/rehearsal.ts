import { join } from "node:path";
import type { DatabaseAddress } from "../drivers/mongo";
import type { Trial } from "../engines/migration";
import { anySignal, formatDuration, messageOf, projectRoot } from "../support";
import type { MigrationRunRules } from "./migration-run";
import { isUnknown, type LifecycleContext } from "./lifecycle";

/** What a preview tries before it says that it can be done. It is never an input of the state: an update has none. */
export interface Rehearsal {
  /** The release's migrations of all phases, which build on each other. */
  versions: string[];
  /** Whether there is no database yet. */
  empty: boolean;
  /** How many documents of each affected collection are copied at most. */
  sample: number;
  timeoutMs: number;
}

interface RehearsedRun {
  address: DatabaseAddress;
  folder: string;
  rules?: MigrationRunRules | null;
}

const engine = () => require("../engines/migration") as typeof import("../engines/migration");

/**
 * Really runs what a release would run, on a throw-away mongod of this machine, and reports what it changes. Says why the
 * release would fail; what keeps the trial itself from being made is only told.
 */
export async function rehearse(
  { versions, empty, sample, timeoutMs }: Rehearsal,
  { address, folder, rules }: RehearsedRun,
  { signal, progress, report = async () => undefined }: LifecycleContext,
): Promise<string | undefined> {
  if (versions.length === 0) return undefined;
  if (!empty && isUnknown(address)) {
    await report(
      "the pending migrations were not tried: where the database will be is known only after the update",
    );
    return undefined;
  }
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const trial = await engine().tryMigrations({
      address: empty ? null : address,
      folder: join(projectRoot, folder),
      phase: "all",
      versions,
      sampleSize: sample,
      schema: rules?.schema ?? undefined,
      timeoutMs: rules?.timeoutMs,
      progress,
      signal: anySignal([signal, deadline]),
    });
    await report(engine().describeTrial(trial));
    return whyNot(trial);
  } catch (error) {
    signal.throwIfAborted();
    const why = deadline.aborted ? `it took longer than ${formatDuration(timeoutMs)}` : messageOf(error);
    await report(`the pending migrations could not be tried to the end: ${why}`);
    return undefined;
  }
}

function whyNot({ ok, error, migrations }: Trial): string | undefined {
  if (ok) return undefined;
  const failed = migrations.find(({ outcome }) => outcome === "failed");
  return `${failed?.version ?? "a migration"} failed when it was tried on a database of its own, and nothing was changed: ${error ?? ""}`;
}
