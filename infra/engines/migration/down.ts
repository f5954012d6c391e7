import { chosenDown, newestFirst } from "./chosen";
import { MigrationsRefusedError } from "./errors";
import type { Look } from "./look";
import { performRun, type RunBase, type RunResult } from "./run";

export type DownOptions = RunBase &
  (
    | {
        /** How many of the newest migrations to take back. */
        steps: number;
      }
    | {
        /** Takes these back, what a plan has promised; those of them that are not applied are done already. */
        versions: string[];
      }
  );

/** Takes the newest migrations back, the newest first; refuses before the first when one of them has no way back. */
export async function downMigrations(options: DownOptions): Promise<RunResult> {
  const count = "steps" in options ? options.steps : options.versions.length;
  const reason = `taking back ${count} ${count === 1 ? "migration" : "migrations"}`;
  return performRun(options, reason, (seen) =>
    chosenDown(
      seen,
      "steps" in options ? newestFirst(seen).slice(0, options.steps) : named(seen, options.versions),
    ),
  );
}

/** The named ones, as long as no later one of their phase stays that may build on them. */
function named(seen: Look, versions: string[]): string[] {
  const there = newestFirst(seen);
  const back = there.filter((version) => versions.includes(version));
  const phaseOf = (version: string) => seen.records.find((one) => one.version === version)?.phase;
  const problems = back.flatMap((version) =>
    there
      .filter((one) => one > version && !versions.includes(one) && phaseOf(one) === phaseOf(version))
      .map((one) => `${version} cannot be taken back while ${one}, which came after it, is applied`),
  );
  if (problems.length > 0) throw new MigrationsRefusedError(problems);
  return back;
}
