import {
  FlyUnavailable,
  HostUnreachable,
  NoCapacity,
  openFlyApi,
  UnknownOutcome,
} from "../../../infra/drivers/fly-api";
import { Secret } from "../../../infra/support";
import { openStandIn, plainConfig, type Opened } from "./open";

let opened: Opened;
beforeEach(async () => {
  opened = await openStandIn();
});

const create = () => opened.api.machines.create("web", { name: "one", config: plainConfig });
const living = () => opened.fly.world.app("web").living.length;

describe("a fault on demand", () => {
  test.each([408, 500, 503])("of %p before the work leaves nothing done", async (status) => {
    opened.fly.faults.add({ action: "create", harm: { kind: "status", status } });
    await expect(create()).rejects.toMatchObject({ constructor: UnknownOutcome, status });
    expect(living()).toBe(0);
    await create();
    expect(living()).toBe(1);
  });

  test("of 503 after the work hides that it was done", async () => {
    opened.fly.faults.add({ action: "create", harm: { kind: "status", status: 503, when: "after" } });
    await expect(create()).rejects.toThrow(UnknownOutcome);
    expect(living()).toBe(1);
  });

  test.each(["before", "after"] as const)("cuts the connection %s the work", async (when) => {
    opened.fly.faults.add({ action: "create", harm: { kind: "reset", when } });
    await expect(create()).rejects.toThrow(UnknownOutcome);
    expect(living()).toBe(when === "after" ? 1 : 0);
  });

  test("cuts a real connection too", async () => {
    const url = await opened.fly.listen();
    const api = openFlyApi({ token: new Secret("t"), baseUrl: url, attempts: 2 });
    try {
      opened.fly.faults.add({ action: "look app", times: 1, harm: { kind: "reset" } });
      expect(await api.apps.get("web")).toMatchObject({ name: "web" });
      opened.fly.faults.add({ action: "look app", times: 2, harm: { kind: "reset" } });
      await expect(api.apps.get("web")).rejects.toThrow(FlyUnavailable);
    } finally {
      await opened.fly.close();
    }
  });

  test("strikes the requests that it was ordered for: after some, so many times, until it is taken back", async () => {
    const { fly, api } = opened;
    const take = fly.faults.add({
      path: /\/apps\/web$/,
      skip: 1,
      times: 9,
      harm: { kind: "status", status: 500 },
    });
    await api.apps.get("web");
    await expect(api.apps.get("web")).rejects.toThrow(FlyUnavailable);
    take();
    await api.apps.get("web");
    fly.faults.add({ choose: ({ index }) => index === fly.requests.length, harm: { kind: "slow", ms: 700 } });
    const before = opened.clock.now();
    await opened.clock.carry(api.platform.regions());
    expect(opened.clock.now() - before).toBeGreaterThanOrEqual(700);
  });

  test("lets lists lag behind what was done", async () => {
    const { api, clock, fly } = opened;
    fly.conditions.lagMs = 1000;
    const { id } = await create();
    expect(await api.machines.list("web")).toEqual([]);
    expect(await api.machines.get("web", id)).toBeDefined();
    await clock.advance(1000);
    expect(await api.machines.list("web")).toMatchObject([{ id, state: "created" }]);
    await clock.advance(1000);
    expect(await api.machines.list("web")).toMatchObject([{ id, state: "started" }]);
  });

  test("lets a host be unreachable: its machine is seen and cannot be changed", async () => {
    const { api, fly, clock } = opened;
    const { id } = await create();
    await clock.advance(1000);
    fly.world.machine("web", id).hostStatus = "unreachable";
    const seen = await api.machines.get("web", id);
    expect(seen).toMatchObject({ host_status: "unreachable", incomplete_config: plainConfig });
    expect(seen).not.toHaveProperty("config");
    await expect(api.machines.stop("web", id)).rejects.toThrow(HostUnreachable);
  });

  test("lets room run out, hosts be closed, and says where there is room", async () => {
    const { api, fly } = opened;
    fly.conditions.room.set("iad", 1);
    await create();
    const none = api.machines.create("web", { name: "two", config: plainConfig });
    await expect(none).rejects.toMatchObject({ constructor: NoCapacity, status: 422 });
    const places = await api.platform.placements({ org_slug: "guild", count: 1 });
    expect(places.map(({ region }) => region)).not.toContain("iad");
    fly.conditions.hostsClosed = true;
    const closed = api.machines.create("web", { name: "three", region: "ams", config: plainConfig });
    await expect(closed).rejects.toThrow(HostUnreachable);
  });

  test("refuses more than three of an action at once, and one more each second", async () => {
    const { fly, clock } = opened;
    const { id } = await create();
    await clock.advance(1000);
    const cordon = async () => {
      const url = `http://fly.test/v1/apps/web/machines/${id}/cordon`;
      return (await fly.fetch(url, { method: "POST", headers: { authorization: "Bearer t" } })).status;
    };
    const statuses = [await cordon(), await cordon(), await cordon(), await cordon()];
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(fly.requests.at(-1)?.answer).toEqual({ error: "rate limit exceeded" });
    await clock.advance(1000);
    expect([await cordon(), await cordon()]).toEqual([200, 429]);
  });

  test("never meets the client, which holds itself back", async () => {
    const { api, fly, clock } = opened;
    const { id } = await create();
    await clock.advance(1000);
    const many = Promise.all(Array.from({ length: 8 }, () => api.machines.cordon("web", id)));
    await clock.carry(many);
    expect(fly.requests.filter(({ status }) => status === 429)).toEqual([]);
    const looks = Promise.all(Array.from({ length: 30 }, () => api.machines.get("web", id)));
    await clock.carry(looks);
    expect(fly.requests.filter(({ status }) => status === 429)).toEqual([]);
  });
});
