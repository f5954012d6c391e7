import { FlyNotFound, FlyRefused, NoCapacity, PreconditionFailed } from "../../../infra/drivers/fly-api";
import { Secret } from "../../../infra/support";
import { openStandIn, plainConfig, type Opened } from "./open";

let opened: Opened;
beforeEach(async () => {
  opened = await openStandIn({ rateLimits: false });
});

describe("a volume of the stand-in", () => {
  test("belongs to one machine of its region, and is not deleted under it", async () => {
    const { api, clock } = opened;
    const volume = await api.volumes.create("web", { name: "data", region: "ams", size_gb: 1 });
    expect(volume).toMatchObject({ name: "data", size_gb: 1, attached_machine_id: null, host_status: "ok" });
    const config = { ...plainConfig, mounts: [{ volume: volume.id, path: "/data" }] };
    await expect(api.machines.create("web", { config, region: "iad" })).rejects.toThrow(
      "is in ams, not in iad",
    );
    const { id } = await api.machines.create("web", { config, region: "ams" });
    expect((await api.volumes.get("web", volume.id))?.attached_machine_id).toBe(id);
    const bound = `volume is currently bound to machine: ${id}`;
    await expect(api.machines.create("web", { config, region: "ams" })).rejects.toThrow(bound);
    await expect(api.volumes.delete("web", volume.id)).rejects.toThrow(PreconditionFailed);
    await clock.advance(1000);
    await api.machines.destroy("web", id, { force: true });
    await clock.advance(1000);
    await api.volumes.delete("web", volume.id);
    await api.volumes.delete("web", volume.id);
    expect(await api.volumes.list("web")).toEqual([]);
  });

  test("only grows, keeps snapshots, and finds no room where there is none", async () => {
    const { api, fly } = opened;
    const { id } = await api.volumes.create("web", { name: "data", region: "ams", size_gb: 2 });
    await expect(api.volumes.extend("web", id, 1)).rejects.toThrow(FlyRefused);
    expect(await api.volumes.extend("web", id, 5)).toMatchObject({
      volume: { size_gb: 5 },
      needsRestart: false,
    });
    await api.volumes.takeSnapshot("web", id);
    expect(await api.volumes.snapshots("web", id)).toHaveLength(1);
    fly.conditions.noVolumeRoom.add("syd");
    const wish = api.volumes.create("web", { name: "data", region: "syd" });
    await expect(wish).rejects.toMatchObject({ constructor: NoCapacity, status: 422 });
  });
});

describe("the secrets of the stand-in", () => {
  test("have a version that grows by one, times that stay, and digests that tell values apart", async () => {
    const { api, clock } = opened;
    const first = await api.secrets.write("web", { A: new Secret("one"), B: new Secret("two") });
    expect(first.version).toBe(1);
    const before = await api.secrets.list("web");
    await clock.advance(60_000);
    const second = await api.secrets.write("web", { A: new Secret("one"), B: null, C: new Secret("three") });
    expect(second.version).toBe(2);
    const after = await api.secrets.list("web");
    expect(after.map(({ name }) => name)).toEqual(["A", "C"]);
    expect(after[0]).toEqual(before[0]);
    await api.secrets.write("web", { A: new Secret("changed") });
    const [changed] = await api.secrets.list("web");
    expect(changed?.digest).not.toBe(before[0]?.digest);
    expect(changed?.updated_at).not.toBe(before[0]?.updated_at);
  });

  test("reach the hosts of machines only after a while, where that is wanted", async () => {
    const { api, fly, clock } = opened;
    fly.conditions.secretsLagMs = 500;
    const { version } = await api.secrets.write("web", { KEY: new Secret("value") });
    const wish = { config: plainConfig, min_secrets_version: version };
    await expect(api.machines.create("web", wish)).rejects.toThrow(`version ${version} is not visible yet`);
    await clock.advance(500);
    await api.machines.create("web", wish);
  });

  test("show their values only to whoever asks for them, and no version before it is there", async () => {
    const { api, fly } = opened;
    const { version } = await api.secrets.write("web", { KEY: new Secret("canary-value") });
    const config = plainConfig;
    await api.machines.create("web", { config, min_secrets_version: version });
    await expect(api.machines.create("web", { config, min_secrets_version: version + 1 })).rejects.toThrow(
      PreconditionFailed,
    );
    await expect(api.secrets.list("web", { minVersion: version + 1 })).rejects.toThrow(PreconditionFailed);
    await api.machines.list("web");
    const shown = fly.requests.map(({ answer }) => JSON.stringify(answer)).join();
    expect(shown).not.toContain("canary-value");
  });
});

describe("the addresses of the stand-in", () => {
  test.each(["v4", "v6", "shared_v4", "private_v6", "egress_v4", "egress_v6"] as const)(
    "can be %s, and released twice",
    async (type) => {
      const { addresses } = opened.api;
      const given = await addresses.assign("web", { type });
      expect(given.shared).toBe(type === "shared_v4");
      expect(given.network ?? null).toEqual(
        type === "private_v6" ? { name: "default", org_slug: "guild" } : null,
      );
      expect((await addresses.list("web")).map(({ ip }) => ip)).toEqual([given.ip]);
      await addresses.release("web", given.ip);
      await addresses.release("web", given.ip);
      expect(await addresses.list("web")).toEqual([]);
    },
  );

  test("come as a pair for both ways out, are shared once, and need a network that there is", async () => {
    const { addresses } = opened.api;
    await addresses.assign("web", { type: "egress_pair", region: "ams" });
    expect((await addresses.list("web")).map(({ region }) => region)).toEqual(["ams", "ams"]);
    const shared = await addresses.assign("web", { type: "shared_v4" });
    expect((await addresses.assign("web", { type: "shared_v4" })).ip).toBe(shared.ip);
    const lost = addresses.assign("web", { type: "private_v6", network: "nowhere" });
    await expect(lost).rejects.toMatchObject({ status: 400, said: "network not found" });
  });
});

describe("the certificates of the stand-in", () => {
  test("stay pending until the DNS is right, and tell what it has to be", async () => {
    const { api, fly, clock } = opened;
    const pending = await api.certificates.request("web", "dnd.example.com");
    expect(pending).toMatchObject({ configured: false, status: "pending_validation", acme_requested: true });
    expect(pending.dns_requirements?.acme_challenge?.name).toBe("_acme-challenge.dnd.example.com");
    const { progress } = fly.world.app("web").certificates.get("dnd.example.com");
    progress.rateLimitedUntil = clock.now() + 3_600_000;
    expect((await api.certificates.check("web", "dnd.example.com")).rate_limited_until).toBe(
      "2026-01-01T01:00:00.000Z",
    );
    Object.assign(progress, { dnsReady: true, rateLimitedUntil: undefined });
    expect(await api.certificates.check("web", "dnd.example.com")).toMatchObject({
      configured: true,
      status: "active",
    });
  });

  test("keep Fly's own when the owner's is taken away, and are listed page by page", async () => {
    const { api, fly } = opened;
    const own = { chain: "-----BEGIN CERTIFICATE-----", key: new Secret("canary-key") };
    await api.certificates.upload("web", "dnd.example.com", own);
    await api.certificates.request("web", "dnd.example.com");
    const path = "http://fly.test/v1/apps/web/certificates/dnd.example.com/custom";
    await fly.fetch(path, { method: "DELETE", headers: { authorization: "Bearer test" } });
    const left = await api.certificates.get("web", "dnd.example.com");
    expect(left?.certificates?.map(({ source }) => source)).toEqual(["fly"]);
    for (let n = 10; n < 40; n++) await api.certificates.request("web", `n${n}.example.com`);
    expect(await api.certificates.list("web")).toHaveLength(31);
    await api.certificates.delete("web", "dnd.example.com");
    expect(await api.certificates.get("web", "dnd.example.com")).toBeUndefined();
    await expect(api.certificates.request("web", "not a name")).rejects.toMatchObject({ status: 422 });
    expect(JSON.stringify(fly.requests.map(({ answer }) => answer))).not.toContain("canary-key");
  });
});

describe("an app of the stand-in", () => {
  test("has a name that nobody else can take, and is made once for one key", async () => {
    const { api } = opened;
    await expect(api.apps.create({ name: "web", org_slug: "guild" })).rejects.toMatchObject({
      code: "fly-name-taken",
      status: 422,
    });
    const wish = { name: "once", org_slug: "guild", idempotency_key: "k1" };
    await api.apps.create(wish);
    await api.apps.create(wish);
    await expect(api.apps.create({ ...wish, network: "other" })).rejects.toMatchObject({ status: 422 });
    await expect(api.apps.create({ ...wish, name: "No Name" })).rejects.toMatchObject({ status: 422 });
    expect((await api.apps.list("guild")).map(({ name }) => name)).toEqual(["once", "web"]);
  });

  test("takes all that it has with it, and is not found after that, as 404 or as 400", async () => {
    for (const appNotFound of [404, 400]) {
      opened = await openStandIn({ statuses: { appNotFound } });
      const { api, clock } = opened;
      await api.machines.create("web", { config: plainConfig });
      await clock.advance(1000);
      expect(await api.apps.get("web")).toMatchObject({ status: "deployed", machine_count: 1 });
      await api.apps.delete("web");
      await api.apps.delete("web");
      expect(await api.apps.get("web")).toBeUndefined();
      await expect(api.machines.list("web")).rejects.toThrow(FlyNotFound);
    }
  });

  test("belongs to an organization that there is, for whoever has the right token", async () => {
    opened = await openStandIn({ organizations: ["guild"], token: "right" });
    const { api, fly } = opened;
    await expect(api.apps.create({ name: "other", org_slug: "nobody" })).rejects.toMatchObject({
      status: 404,
    });
    const url = "http://fly.test/v1/apps/web";
    expect((await fly.fetch(url, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect((await fly.fetch(url)).status).toBe(401);
    expect((await api.platform.regions()).map(({ code }) => code)).toContain("ams");
  });
});
