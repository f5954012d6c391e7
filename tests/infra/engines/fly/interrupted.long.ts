import type { StrategyWish } from "../../../../infra/engines/fly";
import { dieAndGoOn } from "./dying";
import { wishOf } from "./open-fleet";

const strategies: StrategyWish[] = [
  { kind: "rolling", maxUnavailable: 0.33 },
  { kind: "immediate" },
  { kind: "canary", maxUnavailable: 0.5, canaries: 1, holdMs: 1000 },
  { kind: "bluegreen", drainMs: 1000 },
];

describe.each(strategies)("a deployment by $kind that dies", (strategy) => {
  test.each(["before", "after"] as const)("%s any of its calls is finished by the next one", async (when) => {
    const wish = wishOf("v2", 3, { strategy });
    const counted = "writes and first looks";
    let call = 0;
    while (await dieAndGoOn(wish, { call, when, count: 3, counted })) call++;
    expect(call).toBeGreaterThan(15);
  });
});
