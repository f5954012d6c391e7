import { DeploymentReturned, ReturnFailed } from "../../../../infra/engines/fly";
import { imageOf, TestFleet, webConfig, wishOf } from "./open-fleet";

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await TestFleet.open();
});

const crash = { exit: { afterMs: 200, code: 7 } };
const sick = { checks: [{ afterMs: 100, status: "critical" as const, output: "503 no database" }] };

describe("a rolling deployment", () => {
  test("makes the machines of an app that has none, and applied twice changes nothing", async () => {
    await fleet.deploy(wishOf("v1", 3));
    expect(fleet.picture).toEqual(["web-iad-1 v1 started", "web-iad-2 v1 started", "web-iad-3 v1 started"]);
    const before = fleet.fly.requests.length;
    const { plan } = await fleet.deploy(wishOf("v1", 3));
    expect(plan.operations).toEqual([]);
    expect(fleet.writesSince(before)).toEqual([]);
  });

  test("brings all machines to the new version with few calls, and leaves no lease and no mark behind", async () => {
    await fleet.deploy(wishOf("v1", 6));
    const before = fleet.fly.requests.length;
    await fleet.deploy(wishOf("v2", 6));
    expect(new Set(fleet.machines.map(({ config }) => config.image))).toEqual(new Set([imageOf("v2")]));
    expect(fleet.machines.every(({ leases }) => leases.current === undefined)).toBe(true);
    expect(fleet.machines.every(({ config }) => config.metadata?.dnd_before === undefined)).toBe(true);
    expect(fleet.fly.requests.length - before).toBeLessThan(45);
    expect(fleet.fly.requests.every(({ status }) => status < 400)).toBe(true);
  });

  test("fails in seconds when the first machine crashes, touches no other, and brings that one back", async () => {
    await fleet.deploy(wishOf("v1", 4));
    fleet.fly.script(imageOf("v2"), crash);
    const since = fleet.clock.now();
    const before = fleet.fly.requests.length;
    const failed = fleet.deploy(wishOf("v2", 4));
    await expect(failed).rejects.toThrow(DeploymentReturned);
    await expect(failed).rejects.toThrow("exit code 7");
    expect(fleet.clock.now() - since).toBeLessThan(10_000);
    expect(fleet.picture.every((line) => line.includes("v1 started"))).toBe(true);
    const updated = fleet.writesSince(before).filter((one) => /^POST .*machines\/[0-9a-f]+$/.test(one));
    expect(new Set(updated).size).toBe(1);
  });

  test("brings exactly the changed machines back when a later one is unwell", async () => {
    await fleet.deploy(wishOf("v1", 5));
    const versions = new Map(fleet.machines.map(({ id, version }) => [id, version]));
    let updates = 0;
    fleet.fly.faults.add({
      action: "update",
      choose: () => {
        if (++updates === 3) fleet.fly.script(imageOf("v2"), crash);
        return false;
      },
      harm: { kind: "slow", ms: 0 },
    });
    await expect(fleet.deploy(wishOf("v2", 5))).rejects.toThrow(DeploymentReturned);
    expect(fleet.picture.every((line) => line.includes("v1 started"))).toBe(true);
    const untouched = fleet.machines.filter(({ id, version }) => versions.get(id) === version);
    expect(untouched.length).toBeGreaterThan(0);
    expect(untouched.length).toBeLessThan(5);
  });

  test("names machine, check and its last output when health does not come, and gives both causes when the way back fails", async () => {
    await fleet.deploy(wishOf("v1", 2));
    fleet.fly.script(imageOf("v2"), sick);
    const gate = { timeoutMs: 20_000, bakeMs: 1000, toleratedRestarts: 0 };
    await expect(fleet.deploy(wishOf("v2", 2, { gate }))).rejects.toThrow("503 no database");
    fleet.fly.script(imageOf("v1"), crash);
    const failed = fleet.deploy(wishOf("v2", 2, { gate }));
    await expect(failed).rejects.toThrow(ReturnFailed);
    await expect(failed).rejects.toMatchObject({ left: [{ image: imageOf("v2") }] });
    expect(fleet.machines.every(({ leases }) => leases.current === undefined)).toBe(true);
  });

  test("leaves stopped and suspended machines at rest, after one of them has shown that it boots", async () => {
    await fleet.deploy(wishOf("v1", 4));
    for (const machine of fleet.machines.slice(1)) await fleet.api.machines.stop("web", machine.id);
    await fleet.clock.advance(2000);
    await fleet.deploy(wishOf("v2", 4));
    expect(fleet.picture.map((line) => line.split(" ").slice(1).join(" ")).sort()).toEqual([
      "v2 started",
      "v2 stopped",
      "v2 stopped",
      "v2 stopped",
    ]);
    for (const machine of fleet.machines) await fleet.api.machines.stop("web", machine.id);
    await fleet.clock.advance(2000);
    fleet.fly.script(imageOf("v3"), crash);
    await expect(fleet.deploy(wishOf("v3", 4))).rejects.toThrow(DeploymentReturned);
    await fleet.clock.advance(1000);
    expect(fleet.picture.every((line) => line.includes("v2 stopped"))).toBe(true);
  });

  test("removes a group that is no longer wanted only once the rest is healthy", async () => {
    const worker = { name: "worker", config: { image: imageOf("v1") }, counts: { iad: 1 } };
    const both = wishOf("v1", 2);
    await fleet.deploy({ ...both, groups: [...both.groups, worker] });
    expect(fleet.picture).toHaveLength(3);
    fleet.fly.script(imageOf("v2"), crash);
    await expect(fleet.deploy(wishOf("v2", 2))).rejects.toThrow(DeploymentReturned);
    expect(fleet.picture).toHaveLength(3);
    await fleet.deploy(wishOf("v3", 2));
    expect(fleet.picture).toEqual(["web-iad-1 v3 started", "web-iad-2 v3 started"]);
  });

  test("sees a change by hand as drift and leaves machines of others alone", async () => {
    await fleet.deploy(wishOf("v1", 2));
    await fleet.api.machines.create("web", { name: "visitor", config: webConfig("v9") });
    const [one] = fleet.machines;
    if (one)
      await fleet.api.machines.update("web", one.id, {
        config: { ...webConfig("v8"), metadata: one.config.metadata },
      });
    await fleet.clock.advance(3000);
    const { plan } = await fleet.deploy(wishOf("v1", 2));
    expect(plan.operations).toMatchObject([{ kind: "update", differences: ["image"] }]);
    expect(plan.warnings).toEqual([expect.stringContaining("visitor")]);
    expect(fleet.picture).toContain("visitor v9 started");
  });
});
