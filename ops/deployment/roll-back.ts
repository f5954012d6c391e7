import { OperatorError } from "../../infra/support";
import { preparedRollback } from "../rollback/prepare";
import { carryOut } from "../rollback/carry-out";
import { writeLog } from "../rollback/log";
import { lossText } from "../rollback/plan-text";
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

/** Plans, asks where that is wanted, and goes back; a dry run only plans. */
export async function rollBack(
  { type = "auto", to, steps, backupId, reason }: RollbackOptions,
  run: RollBack,
): Promise<Omit<RollbackResult, "success" | "duration">> {
  const { engine, place, abortable, config, onEvent, confirm } = run;
  const say = (message: string) => onEvent({ phase: "rollback", kind: "progress", message });
  const asked = {
    ...{ stack: stackOf(config), json: false, yes: true, action: type, engine: engine.name },
    ...(to !== undefined && { to }),
    ...(steps !== undefined && { steps }),
    ...(backupId !== undefined && { backup: backupId }),
    ...(reason !== undefined && { reason }),
  };
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
  const result = await carryOut(order, {
    ...{ engine, place, interruption: abortable, display: undefined, color: false },
    onEvent: (event) => {
      const heard = toldOf(event);
      if (heard) onEvent(heard);
    },
  });
  await writeLog(order, plan, result);
  const error = errorOf(result);
  if (error === undefined) return told;
  throw new OperatorError({
    code: "rollback-failed",
    message: `the rollback to release ${plan.target} failed: ${error}`,
    remedy: `\`${wayOn(plan, asked, await leftToRevert(plan, asked))}\` carries on from what is there.`,
  });
}
