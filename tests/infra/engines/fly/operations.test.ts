import {
  DeploymentReturned,
  restartAll,
  runCommand,
  setMaintenance,
  startAll,
  stopAll,
} from "../../../../infra/engines/fly";
import { imageOf, TestFleet, webConfig, wishOf } from "./open-fleet";

const bluegreen = { kind: "bluegreen", drainMs: 0 } as const;
const canary = { kind: "canary", maxUnavailable: 0.5, canaries: 1, holdMs: 1000 } as const;
let fleet: TestFleet;
beforeEach(async () => {
  fleet = await TestFleet.open();
  await fleet.deploy(wishOf("v1", 2));
});
const options = () => ({ api: fleet.api, clock: fleet.clock });
const states = () => fleet.machines.map(({ state }) => state);

describe("the machines of an app", () => {
  test("are stopped, started and restarted together", async () => {
    expect(await fleet.clock.carry(stopAll("web", options()))).toBe(2);
    await fleet.clock.advance(1000);
    expect(states()).toEqual(["stopped", "stopped"]);
    expect(await fleet.clock.carry(startAll("web", options()))).toBe(2);
    await fleet.clock.advance(1000);
    expect(states()).toEqual(["started", "started"]);
    expect(await fleet.clock.carry(restartAll("web", options()))).toBe(2);
    expect(states()).toEqual(["started", "started"]);
    expect(fleet.machines.every(({ leases }) => leases.current === undefined)).toBe(true);
  });

  test("are hidden from the proxy for maintenance, and shown again", async () => {
    await fleet.clock.carry(setMaintenance("web", true, options()));
    expect(fleet.machines.every(({ cordoned }) => cordoned)).toBe(true);
    await fleet.clock.carry(setMaintenance("web", false, options()));
    expect(fleet.machines.some(({ cordoned }) => cordoned)).toBe(false);
  });

  test.each([
    ["as it is, in place", "v1", {}],
    ["as it is, beside the old ones", "v1", { strategy: bluegreen }],
    ["a new version in place", "v2", {}],
    ["a new version after canaries", "v2", { strategy: canary }],
  ])(
    "that were hidden for an exchange of data serve again after a deployment: %s",
    async (_how, version, more) => {
      await fleet.clock.carry(setMaintenance("web", true, options()));
      await fleet.deploy(wishOf(version, 2, more));
      expect(fleet.machines.map(({ cordoned }) => cordoned)).toEqual([false, false]);
      expect(fleet.machines.map(({ config }) => config.image)).toEqual([imageOf(version), imageOf(version)]);
    },
  );
});

describe("a command", () => {
  const wish = { app: "web", config: webConfig("job"), command: ["npm", "run", "seed"], timeoutMs: 60_000 };

  test("runs once on a machine of its own, tells how it ended, and leaves nothing behind", async () => {
    fleet.fly.script(imageOf("job"), { exit: { afterMs: 2000, code: 3 }, log: ["seeding", "no such table"] });
    const end = await fleet.clock.carry(runCommand(wish, options()));
    expect(end).toMatchObject({ exitCode: 3, outOfMemory: false, log: ["seeding", "no such table"] });
    await fleet.clock.advance(1000);
    expect(fleet.machines).toHaveLength(2);
  });

  test("tells its end where the token may not see the log, or Fly has none", async () => {
    fleet.fly.script(imageOf("job"), { exit: { afterMs: 500, code: 0 } });
    fleet.fly.faults.add({ action: "look logs", harm: { kind: "status", status: 403 } });
    const end = await fleet.clock.carry(runCommand(wish, options()));
    expect(end).toMatchObject({ exitCode: 0, log: [] });
  });

  test.each([
    ["ends badly", { exit: { afterMs: 500, code: 7 }, log: ["no database"] }, /exit code 7; .*no database/],
    ["runs out of memory", { exit: { afterMs: 500, code: 137, oom: true } }, "ran out of memory"],
    ["does not end", {}, "did not end"],
  ])("of a release that %s lets no machine be touched", async (_, script, words) => {
    fleet.fly.script(imageOf("v2"), script);
    const before = fleet.fly.requests.length;
    const releaseCommand = { command: ["migrate"], timeoutMs: 20_000 };
    const failed = fleet.deploy(wishOf("v2", 2, { releaseCommand }));
    await expect(failed).rejects.toThrow(DeploymentReturned);
    await expect(failed).rejects.toThrow(words);
    expect(fleet.fly.requests.slice(before).filter(({ action }) => action === "update")).toEqual([]);
    expect(fleet.writesSince(before).filter((one) => one.endsWith("/machines"))).toHaveLength(1);
    expect(fleet.picture).toEqual(["web-iad-1 v1 started", "web-iad-2 v1 started"]);
  });
});
