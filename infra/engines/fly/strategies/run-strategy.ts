import type { Deployment } from "../deployment";
import type { Fleet } from "../fleet";
import { raiseSecondFleet } from "./bluegreen";
import { rollAfterCanaries } from "./canary";
import { canBeDoubled, type Change } from "./change";
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
      return bluegreen(deployment, changes, fleet, strategy.until !== "healthy");
    case "immediate":
      return roll(deployment, changes, { maxUnavailable: "all but one", firstAlone: false });
  }
}

/** Machines with volumes have no second fleet: they follow in place, one by one, once it serves. */
async function bluegreen(
  deployment: Deployment,
  changes: readonly Change[],
  fleet: Fleet,
  switching: boolean,
): Promise<void> {
  const inPlace = changes.filter((one) => !canBeDoubled(one));
  await raiseSecondFleet(deployment, changes.filter(canBeDoubled), fleet, { switching });
  if (switching) await roll(deployment, inPlace, { maxUnavailable: 1, firstAlone: true });
}
