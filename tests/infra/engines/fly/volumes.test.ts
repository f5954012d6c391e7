import { describePlan, type DeployWish } from "../../../../infra/engines/fly";
import type { MachineMount } from "../../../../infra/drivers/fly-api";
import { judged } from "../../../embedded/fly/open";
import { dying } from "./dying";
import { imageOf, TestFleet, webConfig, wishOf } from "./open-fleet";

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await TestFleet.open();
  judged(fleet.fly);
});

const data = { name: "data", path: "/data", size_gb: 3 };

/** Machines that each have a volume. */
function keepers(version: string, count: number, mount: MachineMount | null = data): DeployWish {
  const config = webConfig(version, mount ? { mounts: [mount] } : {});
  return wishOf(version, count, { groups: [{ name: "web", config, counts: { iad: count } }] });
}

const volumes = () => [...fleet.fly.world.app("web").volumes.values()];
const disks = () => volumes().map(({ wish, sizeGb }) => `${wish.name} ${wish.region} ${sizeGb}`);
const nameOf = (id: string | null) => fleet.machines.find((one) => one.id === id)?.name ?? null;
const holders = () => volumes().map(({ attachedTo }) => nameOf(attachedTo));
const anew = async (name = "data", region = "iad") =>
  (await fleet.api.volumes.create("web", { name, region, size_gb: 5 })).id;

describe("machines with a volume", () => {
  test("get a free one of that name in their region, and a new one where there is none", async () => {
    const free = await anew();
    await anew("data", "ams");
    await anew("other");
    const settings = { ...data, encrypted: false, snapshot_retention: 9, scheduled_snapshots: false };
    await fleet.deploy(keepers("v1", 2, settings));
    expect(disks()).toEqual(["data iad 5", "data ams 5", "other iad 5", "data iad 3"]);
    expect(holders().slice(1, 3)).toEqual([null, null]);
    expect([holders()[0], holders()[3]].sort()).toEqual(["web-iad-1", "web-iad-2"]);
    expect(volumes()[0]?.id).toBe(free);
    expect(volumes()[3]).toMatchObject({
      autoBackup: false,
      wish: { encrypted: false, snapshotRetention: 9 },
    });
    const before = fleet.fly.requests.length;
    expect((await fleet.deploy(keepers("v1", 2, settings))).plan.operations).toEqual([]);
    expect(fleet.writesSince(before)).toEqual([]);
  });

  test("keep them through every strategy, to a good version and back from a bad one", async () => {
    await fleet.deploy(keepers("v1", 2));
    const before = holders();
    fleet.fly.script(imageOf("bad"), { exit: { afterMs: 100, code: 1 } });
    const strategies: DeployWish["strategy"][] = [
      { kind: "rolling", maxUnavailable: 0.5 },
      { kind: "canary", maxUnavailable: 0.5, canaries: 1, holdMs: 100 },
      { kind: "bluegreen", drainMs: 100 },
      { kind: "immediate" },
    ];
    for (const strategy of strategies) {
      await fleet.deploy({ ...keepers(strategy.kind, 2), strategy });
      expect(fleet.picture).toEqual([
        `web-iad-1 ${strategy.kind} started`,
        `web-iad-2 ${strategy.kind} started`,
      ]);
      await expect(fleet.deploy({ ...keepers("bad", 2), strategy })).rejects.toThrow("back and healthy");
      expect(holders()).toEqual(before);
    }
  });

  test("are replaced where the volume has another name, each by one on a volume of its own; what they had stays", async () => {
    await fleet.deploy(keepers("v1", 2));
    const { plan } = await fleet.deploy(keepers("v1", 2, { ...data, name: "archive" }));
    expect(describePlan(plan).join("\n")).toMatch(
      /replace web-iad-1 by web-iad-3, on a new volume archive of 3 GB in iad: it has volume data/,
    );
    expect(fleet.picture).toEqual(["web-iad-3 v1 started", "web-iad-4 v1 started"]);
    expect(disks().sort()).toEqual(["archive iad 3", "archive iad 3", "data iad 3", "data iad 3"]);
    expect(plan.kept).toHaveLength(2);
    expect(plan.kept[0]).toMatch(/^volume vol_\S+ \(data, 3 GB, iad\)$/);
  });

  test("are made beside machines without one, and the old ones go only when these are well", async () => {
    await fleet.deploy(keepers("v1", 2, null));
    fleet.fly.script(imageOf("bad"), { exit: { afterMs: 100, code: 1 } });
    await expect(fleet.deploy(keepers("bad", 2))).rejects.toThrow("exit code 1");
    expect(fleet.picture).toEqual(["web-iad-1 v1 started", "web-iad-2 v1 started"]);
    await fleet.deploy(keepers("v1", 2));
    expect(holders().filter(Boolean).sort()).toEqual(["web-iad-3", "web-iad-4"]);
    expect(disks()).toEqual(["data iad 3", "data iad 3"]);
  });

  test("have it moved within the machine in place", async () => {
    await fleet.deploy(keepers("v1", 1));
    const { plan } = await fleet.deploy(keepers("v1", 1, { ...data, path: "/var/data" }));
    expect(plan.operations).toMatchObject([{ kind: "update", differences: ["mounts[0].path"] }]);
    expect(holders()).toEqual(["web-iad-1"]);
  });

  test("have it grown, never made smaller, and start again only where Fly says that they must", async () => {
    await fleet.deploy(keepers("v1", 2));
    const versions = fleet.machines.map(({ version }) => version);
    const { plan } = await fleet.deploy(keepers("v1", 2, { ...data, size_gb: 8 }));
    expect(describePlan(plan)[0]).toMatch(
      /update web-iad-1 .*: volume; volume vol_\S+ \(data\), grown from 3 to 8 GB/,
    );
    expect(disks()).toEqual(["data iad 8", "data iad 8"]);
    expect(fleet.machines.map(({ version }) => version)).not.toEqual(versions);
    for (const machine of fleet.machines) await fleet.api.machines.stop("web", machine.id);
    await fleet.clock.advance(2000);
    const asleep = fleet.machines.map(({ version }) => version);
    await fleet.deploy(keepers("v1", 2, { ...data, size_gb: 9 }));
    expect(disks()).toEqual(["data iad 9", "data iad 9"]);
    expect(fleet.picture).toEqual(["web-iad-1 v1 stopped", "web-iad-2 v1 stopped"]);
    expect(fleet.machines.map(({ version }) => version).slice(1)).toEqual(asleep.slice(1));
    expect((await fleet.deploy(keepers("v1", 2))).plan.operations).toEqual([]);
  });

  test("leave it when they are no longer wanted, and the next one takes it", async () => {
    await fleet.deploy(keepers("v1", 3));
    const { plan } = await fleet.deploy(keepers("v1", 1));
    expect(plan.kept).toHaveLength(2);
    expect(describePlan(plan).filter((line) => line.endsWith("stays, without a machine"))).toHaveLength(2);
    expect(disks()).toHaveLength(3);
    await fleet.deploy(keepers("v1", 3));
    expect(disks()).toHaveLength(3);
    expect(holders().every(Boolean)).toBe(true);
  });
});

describe("a run that dies while volumes grow", () => {
  test("is finished by the next one, which starts every machine on the whole of its volume", async () => {
    for (let call = 5; ; call += 5) {
      const own = (fleet = await TestFleet.open());
      await own.deploy(keepers("v1", 2));
      const versions = own.machines.map(({ version }) => version);
      const { api, calls } = dying(own, call, "after");
      const killed = new AbortController();
      const end = setInterval(() => calls() > call && killed.abort(new Error("killed")), 1);
      const larger = keepers("v1", 2, { ...data, size_gb: 8 });
      await own.deploy(larger, { api, signal: killed.signal }).catch(() => undefined);
      clearInterval(end);
      await own.deploy(larger);
      expect(disks()).toEqual(["data iad 8", "data iad 8"]);
      expect(own.machines.filter(({ version }) => versions.includes(version))).toEqual([]);
      expect(own.machines.every(({ config }) => config.metadata?.dnd_growing === undefined)).toBe(true);
      if (calls() <= call) return;
    }
  }, 30_000);
});

describe("a volume that cannot be had", () => {
  test("of a host that does not answer stops the deployment before it begins, until there is another", async () => {
    await fleet.deploy(keepers("v1", 2));
    const [machine] = fleet.machines;
    if (machine) machine.hostStatus = "unreachable";
    const before = fleet.fly.requests.length;
    const failed = fleet.deploy(keepers("v2", 2));
    await expect(failed).rejects.toMatchObject({ code: "fly-deployment-impossible", kind: "refused" });
    await expect(failed).rejects.toThrow("make one of its last snapshot first");
    expect(fleet.writesSince(before)).toEqual([]);
    const saved = await anew();
    await fleet.deploy(keepers("v2", 2));
    expect(nameOf(volumes().find(({ id }) => id === saved)?.attachedTo ?? null)).toBe("web-iad-3");
  });

  test("by its id stops it as well", async () => {
    await expect(fleet.deploy(keepers("v1", 1, { ...data, volume: "vol_gone" }))).rejects.toThrow(
      "group web wants volume vol_gone (data), and there is no free one in iad",
    );
    const id = await anew();
    await fleet.deploy(keepers("v1", 1, { ...data, volume: id }));
    expect(holders()).toEqual(["web-iad-1"]);
  });
});

describe("a volume whose making went wrong", () => {
  test.each(["before", "after"] as const)("%s it was made is made once", async (when) => {
    const status = { kind: "status", status: 503, when } as const;
    fleet.fly.faults.add({ action: "create volume", times: 1, harm: status });
    await fleet.deploy(keepers("v1", 2));
    expect(disks()).toHaveLength(2);
    expect(holders().every(Boolean)).toBe(true);
  });

  test("is taken up by the next run, at whatever call the first one died", async () => {
    for (let call = 1; ; call += 2) {
      const own = (fleet = await TestFleet.open());
      const { api, calls } = dying(own, call, "after");
      const killed = new AbortController();
      const end = setInterval(() => calls() > call && killed.abort(new Error("killed")), 1);
      await own.deploy(keepers("v1", 2), { api, signal: killed.signal }).catch(() => undefined);
      clearInterval(end);
      await own.deploy(keepers("v1", 2));
      expect(disks()).toEqual(["data iad 3", "data iad 3"]);
      expect(holders().sort()).toEqual(["web-iad-1", "web-iad-2"]);
      if (calls() <= call) return;
    }
  }, 30_000);
});
