import {
  adviseRollback,
  type RollbackAdvice,
  type RollbackFacts,
  type RollbackPlan,
  type RollbackWish,
} from "../../infra/engines/release";
import type { DatabaseAddress } from "../../infra/drivers/mongo";
import type { Settings } from "../../stacks/settings";
import { chooseEngine, Interruption, type OperationResult } from "../engine";
import { localStackName } from "../local-stack";
import { resolvePlace } from "../stack-place";
import { settingsOf } from "../stack-settings";
import { confirm, printResult, type Terminal } from "../terminal";
import { carryOut } from "./carry-out";
import { gatherFacts } from "./facts";
import { liveFigures } from "./figures";
import type { RollbackOptions } from "./options";
import { orderOf } from "./order";
import { planWithLoss, refuseObstacles } from "./plan";
import { lossText, planText } from "./plan-text";
import { writeLog } from "./log";

/** Looks, plans, shows, asks, goes back and says what came of it. */
export async function performRollback(options: RollbackOptions, terminal: Terminal): Promise<number> {
  const interruption = new Interruption(terminal.say);
  try {
    const settings = await settingsOf(options.stack);
    const { facts, address } = await gatherFacts(options, settings, terminal.say);
    const live = { url: urlOf(options.stack, settings), address, signal: interruption.signal };
    const { wish, advice } = await wishOf(options, facts, live);
    if (advice) terminal.say(`${advice.scenario}: ${advice.action}; ${advice.why}`);
    if (!wish) return nothingAdvised(terminal, advice);
    const plan = await planWithLoss(wish, facts, address);
    if (options.dryRun) return show(terminal, plan, advice);
    terminal.say(planText(plan));
    refuseObstacles(plan);
    await confirm(
      terminal,
      { action: `go back to release ${plan.target}`, loss: lossText(plan), yes: options.yes },
      interruption.signal,
    );
    const order = orderOf(plan, facts, options.reason ?? advice?.why ?? "asked for by hand");
    const { engine, note } = await chooseEngine(options.engine, interruption.kill);
    if (note) terminal.say(note);
    const result = await carryOut(order, {
      ...{ engine, interruption, place: await resolvePlace(options), color: terminal.color },
      display: terminal.json ? terminal.err : terminal.out,
    });
    const log = await writeLog(order, plan, result);
    printResult(terminal, { plan, order, result, advice, log }, () => summary(plan, result, options, log));
    return { succeeded: 0, failed: interruption.told === "refused" ? 3 : 1, interrupted: 130 }[result.result];
  } finally {
    interruption.release();
  }
}

/** What was asked for; with `auto` what the matrix says of the app that runs. */
async function wishOf(
  { action, to, steps, backup }: RollbackOptions,
  facts: RollbackFacts,
  { url, address, signal }: { url: string; address: DatabaseAddress; signal: AbortSignal },
): Promise<{ wish: RollbackWish | undefined; advice: RollbackAdvice | undefined }> {
  if (action === "app" || action === "migration" || action === "database" || action === "full")
    return { wish: { kind: action, to, steps, backup }, advice: undefined };
  const advice = adviseRollback(await liveFigures(url, address, signal));
  // What a failed release left behind goes back whatever the app that runs is like.
  const leftBehind = facts.releases[0]?.state !== "done";
  if (advice.method === "none") return { wish: leftBehind ? { kind: "full", to } : undefined, advice };
  return {
    wish: { kind: advice.method, to, backup: backup ?? (advice.data ? "latest" : undefined) },
    advice,
  };
}

function urlOf(stack: string, { app }: Settings): string {
  return stack === localStackName
    ? `http://127.0.0.1:${app.port}`
    : (app.url ?? `https://${app.name}.fly.dev`);
}

function nothingAdvised(terminal: Terminal, advice: RollbackAdvice | undefined): number {
  printResult(
    terminal,
    { advice },
    () => "nothing is rolled back; `dnd rollback app` goes back all the same",
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
  options: RollbackOptions,
  log: string,
): string {
  const again = `dnd rollback ${options.action} --to ${target} --stack ${options.stack} --yes`;
  return result === "succeeded"
    ? `release ${rollbackOf} is rolled back: version ${image.after.version} runs, the state of release ${target}; log: ${log}`
    : `the rollback to release ${target} did not end (${result}): \`${again}\` goes on; log: ${log}`;
}
