import type { RollbackAdvice, RollbackPlan } from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";
import { lossText } from "./plan-text";

/** Data goes back on somebody's word alone: what was measured may be one document, and what is lost is everybody's. */
export function refuseDataByItself(
  advice: RollbackAdvice | undefined,
  plan: RollbackPlan,
  { yes, stack }: { yes: boolean; stack: string },
): void {
  if (!advice?.data || !yes) return;
  throw new OperatorError({
    code: "rollback-data-by-hand",
    kind: "refused",
    message: `${advice.why}: data would have to go back, which \`auto --yes\` does not do. ${lossText(plan)}`,
    remedy: `Look at what is wrong; to go back all the same: \`dnd rollback full --to ${plan.target} --backup ${plan.archive?.id ?? "latest"} --stack ${stack} --yes\`.`,
  });
}
