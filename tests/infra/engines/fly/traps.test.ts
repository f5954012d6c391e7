import { DeploymentReturned } from "../../../../infra/engines/fly";
import { imageOf, TestFleet, wishOf } from "./open-fleet";

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await TestFleet.open();
  await fleet.deploy(wishOf("v1", 2));
});

test("a creation whose answer is lost makes one machine, be the lists behind or not", async () => {
  fleet.fly.conditions.lagMs = 3000;
  fleet.fly.faults.add({ action: "create", harm: { kind: "status", status: 503, when: "after" } });
  await fleet.deploy(wishOf("v1", 3));
  await fleet.clock.advance(5000);
  expect(fleet.picture).toEqual(["web-iad-1 v1 started", "web-iad-2 v1 started", "web-iad-3 v1 started"]);
});

test("an update whose answer is lost is looked up and not done twice", async () => {
  fleet.fly.faults.add({ action: "update", times: 2, harm: { kind: "reset", when: "after" } });
  const before = fleet.fly.requests.length;
  await fleet.deploy(wishOf("v2", 2));
  expect(fleet.picture).toEqual(["web-iad-1 v2 started", "web-iad-2 v2 started"]);
  expect(fleet.fly.requests.slice(before).filter(({ action }) => action === "update")).toHaveLength(2);
});

test("a machine that goes back to its old version by itself is no success", async () => {
  let reverted = false;
  fleet.fly.faults.add({
    action: "look",
    choose: () => {
      const machine = fleet.machines.find(({ config }) => config.image === imageOf("v2"));
      const old = machine?.versions[1];
      if (machine?.state === "started" && old && !reverted) {
        reverted = true;
        machine.update(old.config, false, undefined);
      }
      return false;
    },
    harm: { kind: "slow", ms: 0 },
  });
  const failed = fleet.deploy(wishOf("v2", 2));
  await expect(failed).rejects.toThrow(DeploymentReturned);
  await expect(failed).rejects.toThrow("not the one that was written");
  expect(fleet.picture.every((line) => line.includes("v1"))).toBe(true);
});

test("refused and failing looks slow a deployment down and do not fail it", async () => {
  fleet.fly.faults.add({ action: "look", times: 6, harm: { kind: "status", status: 503 } });
  fleet.fly.faults.add({ action: "list", skip: 2, times: 4, harm: { kind: "status", status: 429 } });
  await fleet.deploy(wishOf("v2", 2));
  expect(fleet.picture).toEqual(["web-iad-1 v2 started", "web-iad-2 v2 started"]);
});

test("an app that listens where nobody calls is told so in words", async () => {
  fleet.fly.script(imageOf("v2"), {
    checks: [{ afterMs: 100, status: "critical", output: "connection refused" }],
    listens: ["127.0.0.1:8080"],
  });
  const gate = { timeoutMs: 10_000, bakeMs: 0, toleratedRestarts: 0 };
  await expect(fleet.deploy(wishOf("v2", 2, { gate }))).rejects.toThrow(
    "the app listens on 127.0.0.1:8080, and the service calls port 8080 on all addresses",
  );
});
