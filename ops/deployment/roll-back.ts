import { OperatorError } from "../../infra/support";
import { endCutOff } from "../end-cut-off";
import { preparedRollback } from "../rollback/prepare";
import { carryOut } from "../rollback/carry-out";
import { writeLog } from "../rollback/log";
import { lossText } from "../rollback/plan-text";
import { requireFitting, usage, type RollbackOptions as RollbackAsked } from "../rollback/options";
import { refuseObstacles } from "../rollback/plan";
import { leftToRevert, wayOn } from "../rollback/way-on";
import type { Abortable } from "./abortable";
import { requireConfirmed } from "./confirmation";
import { stackOf, type DeploymentConfig, type DeploymentSurroundings, type RollbackOptions } from "./options";
import type { DeploymentEvent, RollbackResult } from "./results";
import { errorOf, toldOf, type OpenStack } from "./run-graph";

interface RollBack extends OpenStack, Pick<DeploymentSurroundings, "confirm"> {
  abortable: Abortable;
  config: DeploymentConfig;
  onEvent: (event: DeploymentEvent) => void;
}

const kinds = ["auto", "app", "migration", "database", "full"];

type RolledBack = Omit<RollbackResult, "success" | "duration">;

/** What is asked for, as the command line would ask; refuses what does not fit together before anything is opened. */
export function askedFor(
  { type = "auto", to, steps, backupId, reason }: RollbackOptions,
  config: DeploymentConfig,
): RollbackAsked {
  // A program in JavaScript may give any word, which must not pass for `auto`.
  if (!kinds.includes(type)) throw usage(`there is no rollback of type ${type}: ${kinds.join(", ")}`);
  const asked: RollbackAsked = {
    ...{ stack: stackOf(config), json: false, yes: true, action: type, engine: "auto" },
    ...(to !== undefined && { to }),
    ...(steps !== undefined && { steps }),
    ...(backupId !== undefined && { backup: backupId }),
    ...(reason !== undefined && { reason }),
  };
  requireFitting(asked);
  return asked;
}

/** Plans, asks where that is wanted, and goes back; a dry run only plans. */
export async function rollBack(given: RollbackAsked, run: RollBack): Promise<RolledBack> {
  const { engine, place, abortable, config, onEvent, confirm } = run;
  const say = (message: string) => onEvent({ phase: "rollback", kind: "progress", message });
  const asked = { ...given, engine: engine.name };
  const prepared = await preparedRollback(asked, abortable.signal, say);
  if (!prepared.plan) return { ...(prepared.advice && { reason: prepared.advice.why }) };
  const { plan, order } = prepared;
  refuseObstacles(plan);
  const told = {
    ...{ rollbackOf: plan.rollbackOf, target: plan.target, reason: order.reason },
    version: config.dryRun ? plan.image.before.version : plan.image.after.version,
  };
  if (config.dryRun) return told;
  // Data that comes back by the matrix alone is asked for even where no write is known to be lost.
  const loss = prepared.advice?.data ? "unknown" : plan.loss;
  const action = `go back to release ${plan.target}`;
  const asking = { config, ...(confirm && { confirm }) };
  await requireConfirmed({ action, text: lossText(plan), loss }, asking);
  const since = new Date();
  const result = await carryOut(order, {
    ...{ engine, place, interruption: abortable, display: undefined, color: false },
    onEvent: (event) => {
      const heard = toldOf(event);
      if (heard) onEvent(heard);
    },
  });
  await endCutOff(result, { stack: stackOf(config), since, say });
  await writeLog(order, plan, result);
  const error = errorOf(result);
  if (error === undefined) return told;
  throw new OperatorError({
    code: "rollback-failed",
    message: `the rollback to release ${plan.target} failed: ${error}`,
    remedy: `\`${wayOn(plan, asked, await leftToRevert(plan, asked))}\` carries on from what is there.`,
  });
}
