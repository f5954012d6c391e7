import { inflicted, type Fault } from "./faults";
import { momentOf, type Step } from "./moments";
import type { ReleaseTrial } from "./trial";

/** What became of a release that a fault came over. */
export interface CellReport {
  step: Step;
  fault: Fault;
  /** The step was at work when the fault came. */
  reached: boolean;
  code: number | null;
  said: string;
  /** What served before, what was to be released, and what served afterwards. */
  before: string;
  wanted: string;
  serving: string;
  durationMs: number;
}

/** Releases a new version and lets a fault come over one of its steps. */
export async function runCell(trial: ReleaseTrial, step: Step, fault: Fault): Promise<CellReport> {
  const { stack } = trial;
  const { settings = {}, before: prepare, strike, mend } = inflicted(step, fault);
  const begun = Date.now();
  // A release that got through took its migrations along: this one needs some that wait.
  if (trial.released) await trial.nextLane();
  const before = await trial.serving();
  const wanted = `${trial.lane}.${(trial.shipped += 1)}.0`;
  await trial.keep();
  await stack.configure({
    ...settings,
    // That what failed is taken back by itself is seen in one row; without it a cell is one run.
    release: { autoRollback: fault === "clear failure", ...settings.release },
    app: { env: {}, ...settings.app, version: wanted },
  });
  await prepare?.(trial);
  const command = stack.start("up", "--yes");
  const over = new AbortController();
  const ended = command.result.then(() => false).finally(() => over.abort());
  const at = { gate: trial.gate, folder: stack.folder, signal: over.signal };
  const moment = strike && momentOf(step, trial.lane, at).then(() => true);
  const reached = moment ? await Promise.race([moment.catch(() => false), ended]) : true;
  if (reached) await strike?.(trial, command);
  const { code, stdout, stderr } = await command.result;
  // A database that is gone takes its gate along.
  await trial.gate.mend().catch(() => undefined);
  await mend(trial);
  await stack.configure({ release: { freeze: [] }, app: { env: {}, startTimeout: undefined } });
  const serving = await trial.serving();
  const durationMs = Date.now() - begun;
  trial.released = code === 0;
  return { step, fault, reached, code, said: stdout + stderr, before, wanted, serving, durationMs };
}
