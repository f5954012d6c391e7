import { DeploymentReturned } from "../../../../infra/engines/fly";
import { imageOf, TestFleet, wishOf } from "./open-fleet";

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await TestFleet.open();
});

const definition = { app: "web", primary_region: "iad" };
const wish = (version: string) => wishOf(version, 2, { definition });
const noted = () =>
  fleet.fly.world.app("web").releases.all.map(({ version, status, image }) => ({ version, status, image }));
const versions = () => fleet.machines.map(({ config }) => config.metadata?.fly_release_version);

describe("Fly's own list of releases", () => {
  test("has what was deployed, so that Fly's tool knows the machines for its own", async () => {
    await fleet.deploy(wish("v1"));
    await fleet.deploy(wish("v2"));
    expect(noted()).toEqual([
      { version: 2, status: "complete", image: imageOf("v2") },
      { version: 1, status: "complete", image: imageOf("v1") },
    ]);
    expect(versions()).toEqual(["2", "2"]);
    expect(fleet.fly.world.app("web").releases.all[0]).toMatchObject({ strategy: "ROLLING", definition });
    await fleet.deploy(wish("v2"));
    expect(noted()).toHaveLength(2);
  });

  test("has a failed one as failed, and the machines are again of the one before", async () => {
    await fleet.deploy(wish("v1"));
    fleet.fly.script(imageOf("v2"), { exit: { afterMs: 100, code: 3 } });
    await expect(fleet.deploy(wish("v2"))).rejects.toThrow(DeploymentReturned);
    expect(noted()[0]).toMatchObject({ version: 2, status: "failed" });
    expect(versions()).toEqual(["1", "1"]);
  });

  test("is no condition of a deployment", async () => {
    fleet.fly.faults.add({ action: "write release", harm: { kind: "status", status: 403 } });
    await fleet.deploy(wish("v1"));
    expect(fleet.picture).toEqual(["web-iad-1 v1 started", "web-iad-2 v1 started"]);
    expect(noted()).toEqual([]);
  });
});
