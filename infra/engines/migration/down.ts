import { chosenDown, newestFirst } from "./chosen";
import { performRun, type RunBase, type RunResult } from "./run";

export interface DownOptions extends RunBase {
  /** How many of the newest migrations to take back. */
  steps: number;
}

/** Takes the newest migrations back, the newest first; refuses before the first when one of them has no way back. */
export async function downMigrations(options: DownOptions): Promise<RunResult> {
  const { steps } = options;
  const reason = `taking back ${steps} ${steps === 1 ? "migration" : "migrations"}`;
  return performRun(options, reason, (seen) => chosenDown(seen, newestFirst(seen).slice(0, steps)));
}
