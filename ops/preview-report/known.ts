import { join } from "node:path";
import { atDatabase } from "../../infra/drivers/mongo";
import { planMigrations, reviewMigrations } from "../../infra/engines/migration";
import { changedImage, listReleases } from "../../infra/engines/release";
import { messageOf, OperatorError, projectRoot } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { chosenDatabase } from "../chosen-database";
import type { DatabaseOptions } from "../named-database";
import type { Known } from "./judge";

const looked = 20;

/** What the migrations' files and the journal of releases add to a preview; what cannot be asked is left out and said. */
export async function lookAround(
  options: DatabaseOptions,
  { migrations }: Settings,
): Promise<Pick<Known, "reversible" | "findings" | "durations"> & { unknown: string[] }> {
  const folder = join(projectRoot, migrations.folder);
  const unknown: string[] = [];
  const orElse = <T>(what: string, work: Promise<T>, none: T) =>
    work.catch((error: unknown) => {
      unknown.push(`${what} could not be read: ${messageOf(error).split("\n")[0] ?? ""}`);
      return none;
    });
  const [reversible, findings, durations] = await Promise.all([
    orElse("the migrations", ways(folder), new Map<string, boolean>()),
    orElse("the review of the migrations", risks(folder), []),
    orElse("the journal of releases", pastDurations(options), new Map<string, number>()),
  ]);
  return { reversible, findings, durations, unknown };
}

async function ways(folder: string): Promise<Map<string, boolean>> {
  const { pending } = await planMigrations({ address: null, folder });
  return new Map(pending.map(({ version, reversible }) => [version, reversible]));
}

async function risks(folder: string): Promise<{ file: string; what: string }[]> {
  const { findings } = await reviewMigrations(folder);
  return findings.filter(({ accepted }) => accepted === null);
}

/** Of the newest release of another image that did each step. */
async function pastDurations(options: DatabaseOptions): Promise<Map<string, number>> {
  const { address } = await chosenDatabase(options).catch(unlessDown);
  const durations = new Map<string, number>();
  if (!address) return durations;
  const releases = await atDatabase(address, "migration", { appName: "dnd-preview" }, ({ ops }) =>
    listReleases(ops, looked),
  );
  for (const { steps } of releases.filter(changedImage))
    for (const { name, outcome, durationMs } of steps)
      if (outcome === "done" && !durations.has(name)) durations.set(name, durationMs);
  return durations;
}

/** A database that is stopped, or is being made, knows as little as one that is not there yet. */
function unlessDown(error: unknown): { address: null } {
  const knowsNothing = error instanceof OperatorError && notUpYet.has(error.code);
  if (!knowsNothing) throw error;
  return { address: null };
}

const notUpYet = new Set(["database-down", "cluster-being-made"]);
