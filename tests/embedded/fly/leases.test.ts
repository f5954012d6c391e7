import { FlyNotFound, FlyRefused, LeaseBusy, LeaseLost } from "../../../infra/drivers/fly-api";
import { openStandIn, plainConfig, type Opened } from "./open";

let opened: Opened;
let id: string;
beforeEach(async () => {
  opened = await openStandIn();
  ({ id } = await opened.api.machines.create("web", { config: plainConfig }));
  await opened.clock.advance(1000);
});

const raw = (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) =>
  opened.fly.fetch(`http://fly.test/v1/apps/web/machines/${id}${path}`, {
    method,
    headers: { authorization: "Bearer test", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe("a lease of the stand-in", () => {
  test("is refused to a wrong nonce, kept by the right one, and free again after its time", async () => {
    const { leases } = opened.api;
    const held = await leases.acquire("web", id, { ttlSeconds: 13 });
    const stranger = { ttlSeconds: 13, nonce: "0123456789ab" };
    await expect(leases.refresh("web", id, stranger)).rejects.toThrow(LeaseLost);
    expect((await raw("POST", "/lease")).status).toBe(409);
    expect((await raw("DELETE", "/lease")).status).toBe(400);
    expect(await leases.read("web", id)).not.toHaveProperty("nonce");
    await opened.clock.advance(13_000);
    expect(await leases.read("web", id)).toBeUndefined();
    await expect(leases.refresh("web", id, { ttlSeconds: 13, nonce: held.nonce })).rejects.toThrow(LeaseLost);
    await leases.release("web", id, held.nonce);
  });

  test.each([
    ["POST", "", { config: plainConfig }],
    ["POST", "/start", {}],
    ["POST", "/stop", {}],
    ["POST", "/suspend", {}],
    ["POST", "/restart", {}],
    ["POST", "/signal", { signal: "SIGUSR1" }],
    ["POST", "/exec", { command: ["true"] }],
    ["POST", "/cordon", {}],
    ["POST", "/uncordon", {}],
    ["DELETE", "?force=true", undefined],
  ])("guards %s %s", async (method, path, body) => {
    const { nonce } = await opened.api.leases.acquire("web", id, { ttlSeconds: 60 });
    const refused = await raw(method, path, {}, body);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toEqual({
      error: expect.stringContaining("lease currently held by") as string,
    });
    expect((await raw(method, path, { "fly-machine-lease-nonce": nonce }, body)).status).toBe(200);
  });

  test("leaves metadata, creation and looking open", async () => {
    const { api } = opened;
    await api.leases.acquire("web", id, { ttlSeconds: 60 });
    await api.machines.setMetadata("web", id, "seen", "yes");
    expect(await api.machines.metadata("web", id)).toEqual({ seen: "yes" });
    await api.machines.create("web", { config: plainConfig });
    expect((await api.machines.get("web", id))?.config?.metadata).toEqual({ seen: "yes" });
  });

  test("lasts as long as its query or its body says", async () => {
    const { clock } = opened;
    const ends = async (path: string, body?: unknown) => {
      const answer = (await (await raw("POST", path, {}, body)).json()) as {
        status: string;
        data: { nonce: string; expires_at: number };
      };
      await opened.api.leases.release("web", id, answer.data.nonce);
      return answer.data.expires_at - Math.floor(clock.now() / 1000);
    };
    expect(await ends("/lease?ttl=20")).toBe(20);
    await clock.advance(3000);
    expect(await ends("/lease", { ttl: 40, description: "body" })).toBe(40);
  });

  test("is given with a creation that asks for it, and its nonce never again", async () => {
    const { api } = opened;
    const made = await api.machines.create("web", { config: plainConfig, lease_ttl: 30 });
    expect(made.nonce).toBeDefined();
    expect(await api.machines.get("web", made.id)).not.toHaveProperty("nonce");
    await expect(api.machines.stop("web", made.id)).rejects.toThrow(LeaseBusy);
    await opened.clock.advance(2000);
    await api.machines.stop("web", made.id, { nonce: made.nonce });
  });

  test("is not to be had of what is not there", async () => {
    const { api } = opened;
    await expect(api.leases.acquire("web", "00000000000000", { ttlSeconds: 5 })).rejects.toThrow(FlyNotFound);
    const wrong = await raw("POST", "/lease?ttl=0");
    expect(wrong.status).toBe(400);
    await expect(api.machines.signal("web", id, "SIGNONE")).rejects.toThrow(FlyRefused);
  });
});
