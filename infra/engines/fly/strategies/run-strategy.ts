import type { Deployment } from "../deployment";
import type { Fleet } from "../fleet";
import { raiseSecondFleet } from "./bluegreen";
import { rollAfterCanaries } from "./canary";
import type { Change } from "./change";
import { roll } from "./rolling";

/** Brings the machines to what is wanted, in the way that the wish names. */
export async function runStrategy(
  deployment: Deployment,
  changes: readonly Change[],
  fleet: Fleet,
): Promise<void> {
  const { strategy } = deployment.wish;
  switch (strategy.kind) {
    case "rolling":
      return roll(deployment, changes, { maxUnavailable: strategy.maxUnavailable, firstAlone: true });
    case "canary":
      return rollAfterCanaries(deployment, changes, strategy);
    case "bluegreen":
      return raiseSecondFleet(deployment, changes, fleet, { switching: strategy.until !== "healthy" });
    case "immediate":
      return roll(deployment, changes, { maxUnavailable: "all but one", firstAlone: false });
  }
}
