import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { readJson, writeAtomically } from "../../infra/drivers/files";
import { act, markdownOf, reportSchema, type Finding, type RoundReport } from "../../infra/engines/rounds";
import { anySignal, formatDuration, messageOf, OperatorError } from "../../infra/support";
import type { RoundContext, RoundStep } from "./step";

const stepMs = 30 * 60_000;

export interface RoundWanted {
  round: string;
  environment: string;
  steps: readonly RoundStep[];
  context: RoundContext;
  /** Begins anew, whatever an earlier run of the day has found. */
  again: boolean;
}

/** Takes the steps one after the other, each kept as it ends: one that was killed carries on where it stood. */
export async function runRound({
  round,
  environment,
  steps,
  context,
  again,
}: RoundWanted): Promise<RoundReport> {
  const path = join(context.folder, `${context.file}.json`);
  const before = again ? undefined : await unfinished(path);
  const report: RoundReport = before ?? begun(round, environment, context);
  for (const step of steps) {
    if (report.steps.some(({ name }) => name === step.name)) continue;
    context.signal.throwIfAborted();
    context.terminal.say(`… ${step.title}`);
    const at = new Date().toISOString();
    // A clock that is set meanwhile makes no step short or long.
    const started = performance.now();
    const findings = await lookAt(step, context);
    const durationMs = Math.round(performance.now() - started);
    report.steps.push({ name: step.name, title: step.title, at, durationMs, findings });
    context.terminal.say(`${isGood(findings) ? "✓" : "✗"} ${step.title}, ${formatDuration(durationMs)}`);
    await keep(path, report);
  }
  report.endedAt = new Date().toISOString();
  await keep(path, report);
  await writeAtomically(join(context.folder, `${context.file}.md`), markdownOf(report));
  return report;
}

/** A step that fails is a thing to be done, and none of the others waits for it. */
async function lookAt(step: RoundStep, context: RoundContext): Promise<Finding[]> {
  const deadline = AbortSignal.timeout(stepMs);
  const signal = anySignal([context.signal, deadline]);
  try {
    return await step.look({ ...context, signal });
  } catch (error) {
    context.signal.throwIfAborted();
    const bug = error instanceof OperatorError || deadline.aborted ? "" : " (a bug of ours)";
    return [
      act(
        step.name,
        `could not be looked at${bug}: ${messageOf(error)}`,
        "Mend that and run the round again with --again.",
      ),
    ];
  }
}

async function unfinished(path: string): Promise<RoundReport | undefined> {
  const report = await readJson(path, reportSchema).catch(() => undefined);
  return report?.endedAt === null ? report : undefined;
}

function begun(round: string, environment: string, { options, file }: RoundContext): RoundReport {
  return {
    version: 1,
    round,
    stack: options.stack,
    environment,
    day: /\d{4}-\d{2}-\d{2}/.exec(file)?.[0] ?? "",
    by: userInfo().username,
    host: hostname(),
    startedAt: new Date().toISOString(),
    endedAt: null,
    steps: [],
  };
}

function keep(path: string, report: RoundReport): Promise<void> {
  return writeAtomically(path, `${JSON.stringify(report, null, 2)}\n`);
}

function isGood(findings: readonly Finding[]): boolean {
  return findings.every(({ state }) => state !== "act");
}
