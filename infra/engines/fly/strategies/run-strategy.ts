import type { Deployment } from "../deployment";
import type { Change } from "./change";
import { roll } from "./rolling";

/** Brings the machines to what is wanted, in the way that the wish names. */
export async function runStrategy(deployment: Deployment, changes: readonly Change[]): Promise<void> {
  const { strategy } = deployment.wish;
  switch (strategy.kind) {
    case "rolling":
      return roll(deployment, changes, { maxUnavailable: strategy.maxUnavailable, firstAlone: true });
    case "immediate":
      return roll(deployment, changes, { maxUnavailable: 8, firstAlone: false });
    default:
      throw new Error(strategy.kind);
  }
}
