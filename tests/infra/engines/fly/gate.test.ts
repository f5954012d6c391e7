import { DeploymentReturned, planDeployment, fleetOf } from "../../../../infra/engines/fly";
import { imageOf, TestFleet, webConfig, wishOf } from "./open-fleet";

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await TestFleet.open();
  await fleet.deploy(wishOf("v1", 2));
});
afterEach(() => fleet.fly.close());

const old = ["web-iad-1 v1 started", "web-iad-2 v1 started"];
const fresh = ["web-iad-1 v2 started", "web-iad-2 v2 started"];

describe("a new machine", () => {
  const onceThenStable = { exit: { afterMs: 800, code: 1, launches: 1 } };

  test("that ends once and is stable then is good where that is let pass, after its time without an exit", async () => {
    fleet.fly.script(imageOf("v2"), onceThenStable);
    const gate = { timeoutMs: 60_000, bakeMs: 5000, toleratedRestarts: 1 };
    const since = fleet.clock.now();
    await fleet.deploy(wishOf("v2", 2, { gate }));
    expect(fleet.picture).toEqual(fresh);
    expect(fleet.clock.now() - since).toBeGreaterThan(2 * gate.bakeMs);
  });

  test("that ends once is refused where no exit is let pass", async () => {
    fleet.fly.script(imageOf("v2"), onceThenStable);
    const gate = { timeoutMs: 60_000, bakeMs: 5000, toleratedRestarts: 0 };
    await expect(fleet.deploy(wishOf("v2", 2, { gate }))).rejects.toThrow("exit code 1");
    expect(fleet.picture).toEqual(old);
  });

  test("whose check only warns is not healthy", async () => {
    fleet.fly.script(imageOf("v2"), { checks: [{ afterMs: 300, status: "warning", output: "half there" }] });
    const gate = { timeoutMs: 15_000, bakeMs: 0, toleratedRestarts: 0 };
    await expect(fleet.deploy(wishOf("v2", 2, { gate }))).rejects.toThrow(/is warning: half there/);
    expect(fleet.picture).toEqual(old);
  });

  test("whose check never reports is given up with the name of the check", async () => {
    fleet.fly.script(imageOf("v2"), { checks: [] });
    const gate = { timeoutMs: 15_000, bakeMs: 0, toleratedRestarts: 0 };
    const failed = fleet.deploy(wishOf("v2", 2, { gate }));
    await expect(failed).rejects.toThrow(
      /machine [0-9a-f]{14}: not healthy after 15\.?0? ?s: check \S+ is critical/,
    );
    expect(fleet.picture).toEqual(old);
  });
});

describe("what moves while a deployment is planned", () => {
  test.each(["stop", "update"] as const)("(%s) is waited for first", async (what) => {
    const [one] = fleet.machines;
    if (!one) throw new Error("there is no machine");
    if (what === "stop") {
      fleet.fly.script(imageOf("v1"), { stopMs: 4000 });
      await fleet.api.machines.restart("web", one.id);
      await fleet.clock.advance(1500);
      await fleet.api.machines.stop("web", one.id);
    } else {
      const metadata = one.config.metadata ?? {};
      await fleet.api.machines.update("web", one.id, { config: webConfig("v1", { metadata }) });
    }
    await fleet.clock.advance(50);
    expect(["stopping", "replacing", "updating", "starting", "created"]).toContain(one.state);
    await fleet.deploy(wishOf("v2", 2));
    const states = fleet.picture.map((line) => line.split(" ").slice(1).join(" ")).sort();
    expect(states).toEqual(what === "stop" ? ["v2 started", "v2 stopped"] : ["v2 started", "v2 started"]);
  });
});

describe("an app that was scaled to nothing or sleeps", () => {
  test("stays at nothing", async () => {
    await fleet.deploy(wishOf("v1", 0));
    expect(fleet.picture).toEqual([]);
    await fleet.deploy(wishOf("v2", 0));
    expect(fleet.picture).toEqual([]);
  });

  test("is as wanted while its machines sleep, and one that was suspended keeps its rest", async () => {
    const [first, second] = fleet.machines;
    await fleet.api.machines.stop("web", first?.id ?? "");
    await fleet.api.machines.suspend("web", second?.id ?? "");
    await fleet.clock.advance(2000);
    const seen = fleetOf(await fleet.api.machines.list("web"));
    expect(planDeployment(wishOf("v1", 2), seen).operations).toEqual([]);
    await fleet.deploy(wishOf("v2", 2));
    await fleet.clock.advance(2000);
    for (const line of fleet.picture) expect(line).toMatch(/v2 (stopped|suspended)$/);
  });
});

test("a command of a release whose machine vanishes touches nothing and is not run again", async () => {
  fleet.fly.faults.add({
    action: "look",
    choose: () => {
      const command = fleet.machines.find(({ name }) => name.startsWith("command-"));
      if (command?.state === "started") command.destroy(true);
      return false;
    },
    harm: { kind: "slow", ms: 0 },
  });
  const before = fleet.fly.requests.length;
  const releaseCommand = { command: ["migrate"], timeoutMs: 20_000 };
  const failed = fleet.deploy(wishOf("v2", 2, { releaseCommand }));
  await expect(failed).rejects.toThrow(DeploymentReturned);
  await expect(failed).rejects.toThrow("is gone before it told its end");
  const made = fleet.writesSince(before).filter((one) => one.endsWith("/machines"));
  expect(made).toHaveLength(1);
  expect(fleet.picture).toEqual(old);
});

test("an old fleet that does not stop is told of, and the next run tidies", async () => {
  const strategy = { kind: "bluegreen", drainMs: 1000 } as const;
  const undo = fleet.fly.faults.add({
    action: "destroy",
    times: 100,
    harm: { kind: "status", status: 422, body: { error: "machine does not stop" } },
  });
  const { leftovers } = await fleet.deploy(wishOf("v2", 2, { strategy }));
  expect(leftovers).toHaveLength(2);
  undo();
  await fleet.deploy(wishOf("v2", 2, { strategy }));
  await fleet.clock.advance(2000);
  expect(fleet.picture.map((line) => line.split(" ").slice(1).join(" "))).toEqual([
    "v2 started",
    "v2 started",
  ]);
});

test("a storm of refused looks is lived through within the limits", async () => {
  fleet.fly.faults.add({ action: "list", times: 15, skip: 2, harm: { kind: "status", status: 429 } });
  const before = fleet.fly.requests.length;
  await fleet.deploy(wishOf("v2", 2));
  expect(fleet.picture).toEqual(fresh);
  const lists = fleet.fly.requests.slice(before).filter(({ action }) => action === "list");
  const refused = lists.filter(({ status }) => status === 429);
  expect(refused.length).toBe(15);
});
