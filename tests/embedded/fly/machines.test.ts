import {
  Aborted,
  LeaseBusy,
  LeaseLost,
  PreconditionFailed,
  VersionStale,
} from "../../../infra/drivers/fly-api";
import { openStandIn, plainConfig, type Opened } from "./open";

let opened: Opened;
beforeEach(async () => {
  opened = await openStandIn();
});

async function startedMachine() {
  const { api, clock } = opened;
  const machine = await api.machines.create("web", { config: plainConfig });
  await clock.advance(1000);
  return machine;
}

const seen = (id: string) => opened.api.machines.get("web", id);

describe("a machine of the stand-in", () => {
  test("is created, then started, and tells so newest first", async () => {
    const { api, clock } = opened;
    const machine = await api.machines.create("web", { name: "one", region: "ams", config: plainConfig });
    expect(machine).toMatchObject({ name: "one", region: "ams", state: "created" });
    expect(machine.id).toMatch(/^[0-9a-f]{14}$/);
    expect(machine.instance_id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    await clock.advance(1000);
    const started = await seen(machine.id);
    expect(started?.state).toBe("started");
    expect(started?.events?.map(({ type }) => type)).toEqual(["start", "launch"]);
  });

  test("rests stopped when its creation skips the launch, and cannot be started before it rests", async () => {
    const { api, clock } = opened;
    const { id } = await api.machines.create("web", { config: plainConfig, skip_launch: true });
    await expect(api.machines.start("web", id)).rejects.toThrow(PreconditionFailed);
    await clock.advance(1000);
    expect((await seen(id))?.state).toBe("stopped");
    await api.machines.start("web", id);
    await clock.advance(1000);
    expect((await seen(id))?.state).toBe("started");
  });

  test("has a new version at once when it is updated, and keeps what it was", async () => {
    const { api, clock } = opened;
    const { id, instance_id: old } = await startedMachine();
    const updated = await api.machines.update("web", id, { config: { image: "registry.fly.io/web:v2" } });
    expect(updated.state).toBe("replacing");
    expect(updated.instance_id).not.toBe(old);
    await expect(api.machines.update("web", id, { config: plainConfig })).rejects.toThrow(Aborted);
    expect((await seen(id))?.instance_id).toBe(updated.instance_id);
    await clock.advance(2000);
    expect((await seen(id))?.state).toBe("started");
    const versions = await api.machines.versions("web", id);
    expect(versions.map((one) => one.user_config?.image)).toEqual([
      "registry.fly.io/web:v2",
      "registry.fly.io/web:v1",
    ]);
    expect(
      await api.machines.wait("web", id, { states: ["settled"], version: old, timeoutMs: 1000 }),
    ).toMatchObject({ state: "replaced" });
  });

  test("refuses an update that was made for another version, and changes nothing", async () => {
    const { api } = opened;
    const { id, instance_id: version } = await startedMachine();
    const change = { config: { image: "registry.fly.io/web:v2" } };
    const stale = { ...change, current_version: "01ARZ3NDEKTSV4RRFFQ69G5FAV" };
    await expect(api.machines.update("web", id, stale)).rejects.toThrow(VersionStale);
    expect(await seen(id)).toMatchObject({ instance_id: version, config: plainConfig });
    await api.machines.update("web", id, { ...change, current_version: version });
  });

  test("lets the holder of its lease alone change it, until the lease ends", async () => {
    const { api, clock } = opened;
    const { id } = await startedMachine();
    const lease = await api.leases.acquire("web", id, { ttlSeconds: 13, description: "deployment" });
    await expect(api.leases.acquire("web", id, { ttlSeconds: 13 })).rejects.toMatchObject({
      constructor: LeaseBusy,
      holder: "operator@example.com",
      expiresAt: new Date(lease.expires_at * 1000),
    });
    await expect(api.machines.stop("web", id)).rejects.toThrow(LeaseBusy);
    await clock.advance(10_000);
    const refreshed = await api.leases.refresh("web", id, { ttlSeconds: 13, nonce: lease.nonce });
    expect(refreshed).toMatchObject({ nonce: lease.nonce, expires_at: lease.expires_at + 10 });
    await api.machines.cordon("web", id, { nonce: lease.nonce });
    await clock.advance(13_000);
    await api.machines.stop("web", id);
  });

  test.each([
    [false, "takes"],
    [true, "refuses"],
  ])("with strict nonces %p %s the nonce of a lease that has ended", async (strictNonces) => {
    opened = await openStandIn({ strictNonces });
    const { api, clock } = opened;
    const { id } = await startedMachine();
    const { nonce } = await api.leases.acquire("web", id, { ttlSeconds: 13 });
    await clock.advance(13_000);
    const stop = api.machines.stop("web", id, { nonce });
    if (strictNonces) await expect(stop).rejects.toThrow(LeaseLost);
    else await stop;
    await api.leases.acquire("web", id, { ttlSeconds: 13 });
    await expect(api.machines.cordon("web", id, { nonce })).rejects.toThrow(LeaseLost);
  });
});
