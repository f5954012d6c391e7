import {
  planRollback,
  type Obstacle,
  type RollbackFacts,
  type RollbackPlan,
  type RollbackWish,
} from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";
import type { DatabaseAddress } from "../../infra/drivers/mongo";
import { withLoss } from "./facts";

/** Plans with what is known, and where data would go back again with its loss counted. */
export async function planWithLoss(
  wish: RollbackWish,
  facts: RollbackFacts,
  address: DatabaseAddress,
): Promise<RollbackPlan> {
  const plan = possible(planRollback(wish, facts));
  if (!plan.archive) return plan;
  return possible(planRollback(wish, await withLoss(facts, address, plan.archive)));
}

function possible(plan: RollbackPlan | { impossible: Obstacle }): RollbackPlan {
  if ("impossible" in plan) throw refused([plan.impossible]);
  return plan;
}

/** Refuses a plan that stands in its own way: every reason with the way that is left. */
export function refuseObstacles({ obstacles }: RollbackPlan): void {
  if (obstacles.length > 0) throw refused(obstacles);
}

function refused(obstacles: Obstacle[]): OperatorError {
  return new OperatorError({
    code: "rollback-refused",
    kind: "refused",
    message: `no rollback: ${obstacles.map(({ reason }) => reason).join("; ")}`,
    remedy: obstacles.map(({ wayLeft }) => wayLeft).join("\n  "),
  });
}
