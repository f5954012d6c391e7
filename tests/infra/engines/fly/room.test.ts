import { roomFor, observeFleet, planDeployment } from "../../../../infra/engines/fly";
import { imageOf, TestFleet, wishOf } from "./open-fleet";

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await TestFleet.open();
});

const wish = (version: string, count: number, fallbackRegions: string[] = ["ord", "ams"]) =>
  wishOf(version, count, { fallbackRegions });
const room = (left: Record<string, number>) => {
  for (const [region, count] of Object.entries(left)) fleet.fly.conditions.room.set(region, count);
};
const places = () => fleet.machines.map(({ name, region }) => `${name} ${region}`).sort();

describe("a region without room", () => {
  test("is found out before anything is touched", async () => {
    await fleet.deploy(wishOf("v1", 1));
    room({ iad: 1, ord: 0 });
    const before = fleet.fly.requests.length;
    await expect(fleet.deploy(wish("v1", 4, ["ord"]))).rejects.toThrow(
      "no room for 2 of 3 machines of group web with 1 shared cpus in iad, nor in ord",
    );
    expect(fleet.writesSince(before)).toEqual([
      "POST /v1/platform/placements",
      "POST /v1/platform/placements",
    ]);
  });

  test("gives its machines to the regions to fall back on, where they stay as they are", async () => {
    room({ iad: 1, ord: 1 });
    await fleet.deploy(wish("v1", 3));
    expect(places()).toEqual(["web-iad-1 iad", "web-iad-2 ord", "web-iad-3 ams"]);
    room({ iad: 9 });
    expect((await fleet.deploy(wish("v1", 3))).plan.operations).toEqual([]);
    await fleet.deploy(wish("v2", 3));
    expect(places()).toEqual(["web-iad-1 iad", "web-iad-2 ord", "web-iad-3 ams"]);
    expect(fleet.machines.every(({ config }) => config.image === imageOf("v2"))).toBe(true);
    await fleet.deploy(wish("v2", 1));
    expect(places()).toEqual(["web-iad-1 iad"]);
  });

  test("gives a second fleet to them as well, which an interrupted run finds again", async () => {
    await fleet.deploy(wish("v1", 2));
    room({ iad: 1 });
    const bluegreen = (more: { until?: "healthy" } = {}) => ({
      ...wish("v2", 2),
      strategy: { kind: "bluegreen" as const, drainMs: 0, ...more },
    });
    await fleet.deploy(bluegreen({ until: "healthy" }));
    const made = fleet.machines.filter(({ config }) => config.image === imageOf("v2"));
    expect(made.map(({ region }) => region).sort()).toEqual(["iad", "ord"]);
    await fleet.deploy(bluegreen());
    expect(fleet.machines.map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
    expect((await fleet.deploy(bluegreen())).plan.operations).toEqual([]);
  });

  test("is no obstacle where Fly does not say what room there is", async () => {
    fleet.fly.faults.add({ action: "look for room", harm: { kind: "status", status: 403 } });
    await fleet.deploy(wish("v1", 2));
    expect(places()).toEqual(["web-iad-1 iad", "web-iad-2 iad"]);
  });

  test("is shown by a preview, and by it alone", async () => {
    await fleet.deploy(wish("v1", 1));
    room({ iad: 0 });
    const wanted = wish("v1", 3);
    const options = { api: fleet.api, app: "web", clock: fleet.clock, signal: new AbortController().signal };
    const seen = await fleet.clock.carry(observeFleet(options));
    const before = places();
    const found = await fleet.clock.carry(roomFor(planDeployment(wanted, seen), wanted, options));
    expect(found).toEqual({
      moving: ["2 of group web go to ord: iad has no room for them"],
      lacking: [],
    });
    expect(places()).toEqual(before);
  });
});
