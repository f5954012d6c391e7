import { dieAndGoOn, dying } from "./dying";
import { imageOf, TestFleet, wishOf } from "./open-fleet";

describe("a deployment that dies", () => {
  test.each(["before", "after"] as const)(
    "%s one of its calls is finished by the next one, without twins",
    async (when) => {
      let call = when === "before" ? 1 : 3;
      const wish = wishOf("v2", 3, { definition: { app: "web" } });
      while (await dieAndGoOn(wish, { call, when, count: 3 })) call += 7;
      expect(call).toBeGreaterThan(15);
    },
  );

  test("on the way to a bad version is returned to the last proven one, not to the mixture", async () => {
    const fleet = await TestFleet.open();
    await fleet.deploy(wishOf("v1", 3));
    const { api } = dying(fleet, 14, "after");
    const killed = new AbortController();
    setTimeout(() => killed.abort(new Error("killed")), 300);
    await fleet.deploy(wishOf("v2", 3), { api, signal: killed.signal }).catch(() => undefined);
    expect(new Set(fleet.machines.map(({ config }) => config.image)).size).toBe(2);
    fleet.fly.script(imageOf("v3"), { exit: { afterMs: 100, code: 1 } });
    await expect(fleet.deploy(wishOf("v3", 3))).rejects.toThrow("back and healthy");
    expect(fleet.picture).toEqual(["web-iad-1 v1 started", "web-iad-2 v1 started", "web-iad-3 v1 started"]);
  });
});

describe("two deployments of an app at once", () => {
  test("go one after the other, and the impatient one says who is at it", async () => {
    const fleet = await TestFleet.open();
    await fleet.deploy(wishOf("v1", 2));
    const first = fleet.deploy(wishOf("v2", 2));
    await fleet.clock.advance(500);
    const second = fleet.deploy(wishOf("v3", 2));
    await Promise.all([first, second]);
    expect(fleet.picture).toEqual(["web-iad-1 v3 started", "web-iad-2 v3 started"]);
    for (const { id } of fleet.machines) {
      const { nonce } = await fleet.api.leases.acquire("web", id, { ttlSeconds: 600 });
      const before = fleet.fly.requests.length;
      await expect(fleet.deploy(wishOf("v4", 2))).rejects.toMatchObject({
        kind: "locked",
        message: expect.stringContaining("operator@example.com"),
      });
      expect(fleet.writesSince(before).filter((one) => !one.includes("/lease"))).toEqual([]);
      await fleet.api.leases.release("web", id, nonce);
    }
  });

  test("on an app without machines make one fleet", async () => {
    const fleet = await TestFleet.open();
    const both = await Promise.allSettled([fleet.deploy(wishOf("v1", 2)), fleet.deploy(wishOf("v1", 2))]);
    expect(both.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    expect(fleet.picture).toEqual(["web-iad-1 v1 started", "web-iad-2 v1 started"]);
  });

  test("stop before the next write when the lease is taken from them", async () => {
    const fleet = await TestFleet.open();
    await fleet.deploy(wishOf("v1", 6));
    const running = fleet.deploy(wishOf("v2", 6));
    running.catch(() => undefined);
    await fleet.clock.advance(1500);
    const held = fleet.machines.find(({ leases }) => leases.current);
    const lease = held?.leases.current;
    if (!held || !lease) throw new Error("nobody holds a lease");
    await fleet.api.leases.release("web", held.id, lease.nonce);
    await fleet.api.leases.acquire("web", held.id, { ttlSeconds: 600 });
    const before = fleet.fly.requests.length;
    await expect(running).rejects.toMatchObject({ kind: "locked" });
    const updates = fleet.writesSince(before).filter((one) => /^POST .*machines\/[0-9a-f]+$/.test(one));
    expect(updates.length).toBeLessThanOrEqual(3);
  });
});
