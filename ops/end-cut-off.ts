import { hostname } from "node:os";
import type { Db } from "mongodb";
import { isRunning } from "../infra/drivers/processes";
import { endRelease, newestRelease, type Release } from "../infra/engines/release";
import { DeadlineError, messageOf, waitFor } from "../infra/support";
import type { OperationResult } from "./engine";
import { atOperations } from "./operations-database";

/** A provider that was told to stop ends within so long, or is left to the next run. */
const lastBreathMs = 5000;

interface CutOff {
  stack: string;
  configFile?: string | undefined;
  /** Only a release that was begun since then is this run's. */
  since: Date;
  say: (line: string) => void;
}

/** An interrupted run ends its release in the journal: nothing of it goes on, and nobody has to wait for it. */
export async function endCutOff({ result }: Pick<OperationResult, "result">, run: CutOff): Promise<void> {
  if (result !== "interrupted") return;
  const { stack, configFile, since, say } = run;
  const options = { stack, json: false, yes: true, ...(configFile !== undefined && { configFile }) };
  try {
    await atOperations(options, ({ ops }) => endBegunSince(ops, since));
  } catch (error) {
    say(`! the journal still calls the release running: ${messageOf(error).split("\n")[0] ?? ""}`);
  }
}

/** Ends the newest release where it was begun since then by a process that is no more. */
export async function endBegunSince(ops: Db, since: Date, patienceMs = lastBreathMs): Promise<void> {
  const newest = await newestRelease(ops);
  if (newest?.state !== "running" || newest.startedAt < since) return;
  if (!(await hasEnded(newest, patienceMs))) return;
  await endRelease(ops, newest._id, "it was interrupted: the next release goes on from what is there");
}

/** Whoever else releases at this moment does so in a process that lives. */
async function hasEnded({ host, runner }: Release, timeoutMs: number): Promise<boolean> {
  if (host !== hostname() || !runner) return false;
  const gone = () => (isRunning(runner) ? undefined : true);
  try {
    return await waitFor(gone, { what: "the end of the release", timeoutMs });
  } catch (error) {
    if (error instanceof DeadlineError) return false;
    throw error;
  }
}
