import { CanaryWorse } from "../../../../infra/engines/fly/compare-traffic";
import { DeploymentReturned, type StrategyWish } from "../../../../infra/engines/fly";
import { imageOf, TestFleet, wishOf } from "./open-fleet";

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await TestFleet.open();
  await fleet.deploy(wishOf("v1", 3));
});

const crash = { exit: { afterMs: 200, code: 7 } };
const canary: StrategyWish = { kind: "canary", maxUnavailable: 0.33, canaries: 1, holdMs: 3000 };
const bluegreen: StrategyWish = { kind: "bluegreen", drainMs: 2000 };
const versions = () => fleet.picture.map((line) => line.replace(/^\S+ /, ""));

/** Notes at each request how many machines of the app the proxy knows and are healthy. */
function watchServing(): { fewest: () => number } {
  let fewest = Infinity;
  fleet.fly.faults.add({
    choose: () => {
      const serving = fleet.machines.filter(
        (one) =>
          !one.cordoned &&
          one.state === "started" &&
          [...one.checks.values()].every((check) => check.status === "passing"),
      );
      fewest = Math.min(fewest, serving.length);
      return false;
    },
    harm: { kind: "slow", ms: 0 },
  });
  return { fewest: () => fewest };
}

describe("a canary", () => {
  test("serves until the roll has ended, and is gone then", async () => {
    let alive = 0;
    fleet.fly.faults.add({
      action: "update",
      choose: () => {
        alive += fleet.machines.filter(({ name }) => name.includes("canary")).length;
        return false;
      },
      harm: { kind: "slow", ms: 0 },
    });
    await fleet.deploy(wishOf("v2", 3, { strategy: canary }));
    expect(alive).toBe(3);
    expect(versions()).toEqual(["v2 started", "v2 started", "v2 started"]);
  });

  test("that crashes is removed, and nothing else was touched", async () => {
    const before = new Map(fleet.machines.map(({ id, version }) => [id, version]));
    fleet.fly.script(imageOf("v2"), crash);
    await expect(fleet.deploy(wishOf("v2", 3, { strategy: canary }))).rejects.toThrow(DeploymentReturned);
    expect(new Map(fleet.machines.map(({ id, version }) => [id, version]))).toEqual(before);
  });

  test("that answers worse than the old version ends the deployment", async () => {
    const old = new Set(fleet.machines.map(({ id }) => id));
    const probe = (id: string) => Promise.resolve({ ok: old.has(id), ms: 5 });
    const failed = fleet.deploy(wishOf("v2", 3, { strategy: canary, probe }));
    await expect(failed).rejects.toMatchObject({ cause: expect.any(CanaryWorse) });
    expect(versions()).toEqual(["v1 started", "v1 started", "v1 started"]);
  });
});

describe("a second fleet", () => {
  test("takes over without a moment in which fewer machines serve", async () => {
    const serving = watchServing();
    await fleet.deploy(wishOf("v2", 3, { strategy: bluegreen }));
    expect(serving.fewest()).toBe(3);
    expect(versions()).toEqual(["v2 started", "v2 started", "v2 started"]);
    expect(fleet.machines.every(({ config }) => config.metadata?.dnd_role === undefined)).toBe(true);
    const { plan } = await fleet.deploy(wishOf("v2", 3, { strategy: bluegreen }));
    expect(plan.operations).toEqual([]);
  });

  test("that is unwell is removed before the proxy knew it", async () => {
    const serving = watchServing();
    fleet.fly.script(imageOf("v2"), crash);
    await expect(fleet.deploy(wishOf("v2", 3, { strategy: bluegreen }))).rejects.toThrow(DeploymentReturned);
    expect(versions()).toEqual(["v1 started", "v1 started", "v1 started"]);
    expect(serving.fewest()).toBe(3);
    expect(fleet.writesSince(0).filter((one) => one.endsWith("/uncordon"))).toEqual([]);
  });

  test("of which the proxy gets to know only a part is removed, and the first one serves on", async () => {
    const serving = watchServing();
    fleet.fly.faults.add({ action: "uncordon", skip: 1, times: 20, harm: { kind: "status", status: 422 } });
    await expect(fleet.deploy(wishOf("v2", 3, { strategy: bluegreen }))).rejects.toThrow(DeploymentReturned);
    expect(serving.fewest()).toBe(3);
    expect(versions()).toEqual(["v1 started", "v1 started", "v1 started"]);
  });

  test("alone is asked for the last word, and the first one serves again when that is bad", async () => {
    const known = () => fleet.machines.filter(({ cordoned }) => !cordoned).map(({ config }) => config.image);
    let asked: string[] = [];
    const verify = () => {
      asked = known();
      return Promise.reject(new Error("worse than before:\n  playing: no dice"));
    };
    const failed = fleet.deploy(wishOf("v2", 3, { strategy: bluegreen, verify }));
    await expect(failed).rejects.toThrow("worse than before: playing: no dice");
    expect(new Set(asked)).toEqual(new Set([imageOf("v2")]));
    expect(known()).toEqual([imageOf("v1"), imageOf("v1"), imageOf("v1")]);
    expect(fleet.machines.every(({ config }) => config.metadata?.dnd_hidden === undefined)).toBe(true);
  });

  test("that was asked for the last word when its run died leaves no machine hidden", async () => {
    const killed = new AbortController();
    const verify = () => {
      killed.abort(new Error("killed"));
      return Promise.reject(new Error("killed"));
    };
    const wish = wishOf("v2", 3, { strategy: bluegreen, verify });
    await fleet.deploy(wish, { signal: killed.signal }).catch(() => undefined);
    expect(fleet.machines.filter(({ cordoned }) => cordoned)).toHaveLength(3);
    await fleet.deploy(wishOf("v1", 3));
    expect(versions()).toEqual(["v1 started", "v1 started", "v1 started"]);
    expect(fleet.machines.some(({ cordoned }) => cordoned)).toBe(false);
  });

  test("can wait, healthy and unknown to the proxy, for the order to switch", async () => {
    await fleet.deploy(wishOf("v2", 3, { strategy: { ...bluegreen, until: "healthy" } }));
    expect(fleet.machines.filter(({ cordoned }) => cordoned)).toHaveLength(3);
    const before = fleet.fly.requests.length;
    await fleet.deploy(wishOf("v2", 3, { strategy: bluegreen }));
    expect(fleet.writesSince(before).filter((one) => one.endsWith("/machines"))).toEqual([]);
    expect(versions()).toEqual(["v2 started", "v2 started", "v2 started"]);
  });
});

describe("all at once", () => {
  test("brings good versions, and takes bad ones back", async () => {
    await fleet.deploy(wishOf("v2", 3, { strategy: { kind: "immediate" } }));
    expect(versions()).toEqual(["v2 started", "v2 started", "v2 started"]);
    fleet.fly.script(imageOf("v3"), crash);
    await expect(fleet.deploy(wishOf("v3", 3, { strategy: { kind: "immediate" } }))).rejects.toThrow(
      DeploymentReturned,
    );
    expect(versions()).toEqual(["v2 started", "v2 started", "v2 started"]);
  });
});
