import { resolve } from "node:path";
import { differencesOf, schemaOf, type ReleaseSummary } from "../../infra/engines/release";
import { projectRoot } from "../../infra/support";
import { printResult, type Terminal } from "../terminal";
import { knownReleases, pick } from "./known-releases";
import type { ReleaseOptions } from "./options";
import { diffText, listText, showText, type ReleaseComparison } from "./text";

const shownUnlessTold = 20;

/** The releases, newest first. */
export async function list(options: ReleaseOptions, terminal: Terminal): Promise<number> {
  const known = await knownReleases(options, terminal.say);
  const found = known.slice(0, options.limit ?? shownUnlessTold);
  printResult(terminal, found, () => listText(found));
  return 0;
}

/** Everything that is known of one. */
export async function show(options: ReleaseOptions, terminal: Terminal): Promise<number> {
  const [reference = "latest"] = options.numbers;
  const found = pick(await knownReleases(options, terminal.say), reference);
  printResult(terminal, found, () => showText(found));
  return 0;
}

/** In what two of them differ. */
export async function diff(options: ReleaseOptions, terminal: Terminal): Promise<number> {
  const [one = "", other = ""] = options.numbers;
  const known = await knownReleases(options, terminal.say);
  const [from, to] = [pick(known, one), pick(known, other)];
  const comparison: ReleaseComparison = {
    from: from.number,
    to: to.number,
    differences: differencesOf(from, to),
    migrations: await migrationsBetween(from, to),
  };
  printResult(terminal, comparison, () => diffText(comparison));
  return 0;
}

/** What this checkout's folder has between the schemas of two releases, in the order in which they would run. */
async function migrationsBetween(
  from: ReleaseSummary,
  to: ReleaseSummary,
): Promise<ReleaseComparison["migrations"]> {
  const { planMigrations } =
    require("../../infra/engines/migration") as typeof import("../../infra/engines/migration");
  const [before, after] = [schemaOf(from) ?? "", schemaOf(to) ?? ""];
  const [low, high] = before < after ? [before, after] : [after, before];
  const { pending } = await planMigrations({ address: null, folder: resolve(projectRoot, "migrations") });
  const between = pending.filter(({ version }) => version > low && version <= high);
  const direction = before < after ? "up" : "down";
  const run = between.map(({ version, description }) => ({ version, description, direction }) as const);
  return direction === "up" ? run : run.reverse();
}
