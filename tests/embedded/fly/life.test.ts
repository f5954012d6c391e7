import {
  FlyNotFound,
  FlyRefused,
  PreconditionFailed,
  type MachineConfig,
} from "../../../infra/drivers/fly-api";
import type { Script } from "../../../embedded/fly";
import { openStandIn, plainConfig, type Opened } from "./open";

let opened: Opened;
beforeEach(async () => {
  opened = await openStandIn({ rateLimits: false });
});

const image = "registry.fly.io/web:v1";
async function run(config: Partial<MachineConfig>, script: Script = {}, forMs = 1000) {
  opened.fly.script(image, script);
  const { id } = await opened.api.machines.create("web", { config: { ...plainConfig, ...config } });
  await opened.clock.advance(forMs);
  return id;
}

const seen = async (id: string) => {
  const machine = await opened.api.machines.get("web", id);
  if (!machine) throw new Error(`${id} is gone`);
  return machine;
};
const exits = async (id: string) =>
  (await opened.api.machines.events("web", id))
    .filter(({ type }) => type === "exit")
    .map(({ request }) => request);

describe("the life of a machine", () => {
  test("ends by force only while it runs, once, and can be looked back on", async () => {
    const { api, clock } = opened;
    const id = await run({});
    await expect(api.machines.destroy("web", id)).rejects.toThrow(PreconditionFailed);
    await api.machines.destroy("web", id, { force: true });
    await clock.advance(1000);
    const path = `http://fly.test/v1/apps/web/machines/${id}?kill=true`;
    const again = await opened.fly.fetch(path, {
      method: "DELETE",
      headers: { authorization: "Bearer test" },
    });
    expect(again.status).toBe(404);
    expect((await seen(id)).state).toBe("destroyed");
    expect(await api.machines.list("web")).toEqual([]);
    expect(await api.machines.list("web", { includeDeleted: true })).toHaveLength(1);
  });

  test("goes on after a failure as often as its policy lets it", async () => {
    const crash = { exit: { afterMs: 100, code: 3 } };
    const once = await run({ restart: { policy: "no" } }, crash, 10_000);
    expect((await seen(once)).state).toBe("stopped");
    expect(await exits(once)).toMatchObject([{ exit_event: { exit_code: 3, restarting: false } }]);

    const twice = await run({ restart: { policy: "on-failure", max_retries: 2 } }, crash, 20_000);
    expect((await seen(twice)).state).toBe("stopped");
    expect(await exits(twice)).toMatchObject([
      { exit_event: { restarting: false, requested_stop: false }, restart_count: 2 },
      { exit_event: { restarting: true }, restart_count: 2 },
      { exit_event: { restarting: true }, restart_count: 1 },
    ]);

    const clean = await run({ restart: { policy: "on-failure" } }, { exit: { afterMs: 100, code: 0 } }, 5000);
    expect(await exits(clean)).toHaveLength(1);
    const always = await run({ restart: { policy: "always" } }, { exit: { afterMs: 100, code: 0 } }, 10_000);
    expect((await exits(always)).length).toBeGreaterThan(3);
  });

  test("tells of a want of memory, and destroys itself where it was told to", async () => {
    const oom = { exit: { afterMs: 100, code: 137, signal: 9, oom: true } };
    const id = await run({ auto_destroy: true, restart: { policy: "no" } }, oom, 3000);
    expect((await seen(id)).state).toBe("destroyed");
    expect(await exits(id)).toMatchObject([{ exit_event: { oom_killed: true, guest_signal: 9 } }]);
    const { body } = await (async () => {
      const url = `http://fly.test/v1/apps/web/machines/${id}/wait?state=destroyed`;
      const answer = await opened.fly.fetch(url, { headers: { authorization: "Bearer test" } });
      return { body: (await answer.json()) as object };
    })();
    expect(body).toMatchObject({ ok: true, state: "destroyed" });
  });

  test("can be suspended and go on, and a stop of what is suspended drops it", async () => {
    const { api, clock } = opened;
    const id = await run({});
    await api.machines.suspend("web", id);
    await clock.advance(1000);
    expect((await seen(id)).state).toBe("suspended");
    await api.machines.start("web", id);
    expect((await seen(id)).state).toBe("started");
    await api.machines.suspend("web", id);
    await clock.advance(1000);
    await api.machines.stop("web", id);
    expect((await seen(id)).state).toBe("stopped");
  });

  test("writes down which signal a stop was asked with, and kills after its time", async () => {
    const { api, clock } = opened;
    const id = await run({ stop_config: { signal: "SIGTERM" } }, { stopMs: 60_000 });
    await api.machines.stop("web", id, { stopSignal: "SIGQUIT", graceMs: 2000 });
    await clock.advance(3000);
    const events = await api.machines.events("web", id);
    expect(events.find(({ type }) => type === "stop")?.request).toMatchObject({
      signal: "SIGQUIT",
      timeout: "2s",
    });
    expect(events[0]?.request?.exit_event).toMatchObject({
      requested_stop: true,
      exit_code: 137,
      guest_signal: 9,
    });
    await expect(api.machines.restart("web", id)).rejects.toThrow(PreconditionFailed);
  });

  test("has checks only while it runs: critical first, then as they turn out", async () => {
    const { api, clock } = opened;
    const checks = {
      alive: { type: "http", port: 8080, path: "/health" },
    };
    const services = [{ internal_port: 8080, checks: [{ type: "tcp", interval: "15s" }] }];
    const script = [
      { afterMs: 1000, status: "warning" as const, output: "slow" },
      { afterMs: 2000, status: "passing" as const, output: "200 OK" },
    ];
    opened.fly.script(image, { checks: script });
    const { id, checks: none } = await api.machines.create("web", {
      config: { ...plainConfig, checks, services },
    });
    expect(none).toEqual([]);
    await clock.advance(500);
    const names = ["servicecheck-00-tcp-8080", "alive"];
    expect((await seen(id)).checks?.map(({ name }) => name)).toEqual(names);
    expect((await seen(id)).checks?.map(({ status }) => status)).toEqual(["critical", "critical"]);
    await clock.advance(1000);
    expect((await seen(id)).checks?.[0]).toMatchObject({ status: "warning", output: "slow" });
    await clock.advance(1000);
    expect((await seen(id)).checks?.map(({ status }) => status)).toEqual(["passing", "passing"]);
    await api.machines.stop("web", id);
    await clock.advance(1000);
    expect((await seen(id)).checks).toEqual([]);
  });

  test("begins only with what there is: a region, a size, an image, a whole configuration", async () => {
    const { api } = opened;
    const create = (config: MachineConfig, region?: string) =>
      api.machines.create("web", region ? { config, region } : { config });
    await expect(create(plainConfig, "xyz")).rejects.toThrow("region xyz not found");
    await expect(create({ ...plainConfig, guest: { cpus: 3 } })).rejects.toThrow("config.guest.cpus");
    await expect(create({ ...plainConfig, guest: { memory_mb: 300 } })).rejects.toThrow(
      "config.guest.memory_mb",
    );
    opened.fly.forgetImage("web:none");
    await expect(create({ image: "web:none" })).rejects.toThrow("MANIFEST_UNKNOWN");
    await expect(create({})).rejects.toThrow(FlyRefused);
    const id = await run({});
    await expect(
      api.machines.create("web", { name: (await seen(id)).name, config: plainConfig }),
    ).rejects.toThrow("already exists");
    const bare = await opened.fly.fetch(`http://fly.test/v1/apps/web/machines/${id}`, {
      method: "POST",
      headers: { authorization: "Bearer test" },
      body: JSON.stringify({ skip_launch: true }),
    });
    expect(bare.status).toBe(400);
    await expect(api.machines.update("web", "00000000000000", { config: plainConfig })).rejects.toThrow(
      FlyNotFound,
    );
  });

  test.each([
    [false, 200],
    [true, 400],
  ])("never moves: with strict moves %p another region is answered with %p", async (strictMoves, status) => {
    opened = await openStandIn({ strictMoves, rateLimits: false });
    const id = await run({});
    const answer = await opened.fly.fetch(`http://fly.test/v1/apps/web/machines/${id}`, {
      method: "POST",
      headers: { authorization: "Bearer test" },
      body: JSON.stringify({ config: plainConfig, region: "syd", name: "other" }),
    });
    expect(answer.status).toBe(status);
    expect(await seen(id)).toMatchObject({ region: "iad" });
  });
});
