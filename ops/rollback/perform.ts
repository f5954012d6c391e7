import type { RollbackAdvice, RollbackPlan } from "../../infra/engines/release";
import { chooseEngine, exitCodeOf, Interruption, type OperationResult } from "../engine";
import { endCutOff } from "../end-cut-off";
import { whileShown } from "../pipeline";
import { resolvePlace } from "../stack-place";
import { confirm, printResult, type Terminal } from "../terminal";
import { carryOut } from "./carry-out";
import { refuseDataByItself } from "./data-by-hand";
import type { RollbackOptions } from "./options";
import { refuseObstacles } from "./plan";
import { lossText, planText } from "./plan-text";
import { preparedRollback } from "./prepare";
import { writeLog } from "./log";
import { leftToRevert, wayOn } from "./way-on";

/** Looks, plans, shows, asks, goes back and says what came of it. */
export async function performRollback(options: RollbackOptions, terminal: Terminal): Promise<number> {
  const interruption = new Interruption((line) => terminal.say(line));
  try {
    const prepared = await preparedRollback(options, interruption.signal, terminal.say);
    const { advice } = prepared;
    if (advice) terminal.say(`${advice.scenario}: ${advice.action}; ${advice.why}`);
    if (!prepared.plan) return nothingAdvised(terminal, advice);
    const { plan, order } = prepared;
    if (options.dryRun) return show(terminal, plan, advice);
    terminal.say(planText(plan));
    refuseObstacles(plan);
    refuseDataByItself(advice, plan, options);
    await confirm(
      terminal,
      { action: `go back to release ${plan.target}`, loss: lossText(plan), yes: options.yes },
      interruption.signal,
    );
    const { engine, note } = await chooseEngine(options.engine, interruption.kill);
    if (note) terminal.say(note);
    const place = await resolvePlace(options);
    const shownAs = { title: `rollback ${place.stack}`, detailed: false };
    const since = new Date();
    const result = await whileShown(terminal, shownAs, ({ display, onEvent }) =>
      carryOut(order, { engine, interruption, place, color: terminal.color, display, onEvent }),
    );
    await endCutOff(result, { ...options, since, say: terminal.say });
    const log = await writeLog(order, plan, result);
    const again =
      result.result === "succeeded" ? undefined : wayOn(plan, options, await leftToRevert(plan, options));
    printResult(terminal, { plan, order, result, advice, log, again }, () =>
      summary(plan, result, again, log),
    );
    return exitCodeOf(result, interruption.told);
  } finally {
    interruption.release();
  }
}

function nothingAdvised(terminal: Terminal, advice: RollbackAdvice | undefined): number {
  printResult(
    terminal,
    { advice },
    () => "nothing is rolled back; `dnd rollback app --dry-run` shows what going back all the same would do",
  );
  return 0;
}

function show(terminal: Terminal, plan: RollbackPlan, advice: RollbackAdvice | undefined): number {
  printResult(terminal, { plan, advice }, () => planText(plan));
  return plan.obstacles.length > 0 ? 3 : 0;
}

function summary(
  { rollbackOf, target, image }: RollbackPlan,
  { result }: OperationResult,
  again: string | undefined,
  log: string,
): string {
  return again === undefined
    ? `release ${rollbackOf} is rolled back: version ${image.after.version} runs, the state of release ${target}; log: ${log}`
    : `the rollback to release ${target} did not end (${result}): \`${again}\` goes on; log: ${log}`;
}
