import type { RollbackOrder, RollbackPlan } from "../../infra/engines/release";
import { refuseObstacles } from "../rollback/plan";
import { preparedRollback } from "../rollback/prepare";
import type { RecoveryRun } from "./from-archive";

/** How the data would come back, and what would be lost. */
export interface PlannedRecovery {
  plan: RollbackPlan;
  order: RollbackOrder;
  archive: string;
  kind: "database" | "full";
}

/** The data under the code that runs; where that cannot live with the archive's schema, the code of then with it. */
export async function plannedRecovery(
  backup: string,
  run: RecoveryRun,
  only?: PlannedRecovery["kind"],
): Promise<PlannedRecovery> {
  const data = only === "full" ? undefined : await planned("database", backup, run);
  if (data && (only === "database" || data.plan.obstacles.length === 0)) return sound(data);
  const whole = await planned("full", backup, run).catch((error: unknown) => {
    if (data) return data;
    throw error;
  });
  return sound(whole.plan.obstacles.length > 0 && data ? data : whole);
}

async function planned(
  kind: PlannedRecovery["kind"],
  backup: string,
  { options, terminal, interruption }: RecoveryRun,
): Promise<PlannedRecovery> {
  const { reason, ...rest } = options;
  const asked = { ...rest, action: kind, backup, reason: reason ?? "recovery" };
  const prepared = await preparedRollback(asked, interruption.signal, terminal.say);
  if (!prepared.plan) throw new Error("a rollback that was asked for by name has no plan");
  const { plan, order } = prepared;
  return { plan, order, kind, archive: plan.archive?.id ?? backup };
}

function sound(planned: PlannedRecovery): PlannedRecovery {
  refuseObstacles(planned.plan);
  return planned;
}
