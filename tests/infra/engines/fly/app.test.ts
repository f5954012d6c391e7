import {
  ensureApp,
  observeApp,
  removeApp,
  WrongOrganization,
  type AppWish,
} from "../../../../infra/engines/fly";
import { Secret } from "../../../../infra/support";
import { TestFleet, wishOf } from "./open-fleet";

let fleet: TestFleet;
beforeEach(() => {
  fleet = new TestFleet();
});

const wish: AppWish = {
  name: "web",
  organization: "guild",
  addresses: { sharedV4: true, v4: 0, v6: 1, privateV6: 0, egressRegions: ["iad"] },
  hostnames: ["dnd.example.com"],
  secrets: { KEY: new Secret("canary-value-1") },
};
const ensure = (more: Partial<AppWish> = {}) =>
  fleet.clock.carry(ensureApp({ ...wish, ...more }, { api: fleet.api }));

const observe = () => fleet.clock.carry(observeApp("web", { api: fleet.api }));
const remove = () => fleet.clock.carry(removeApp("web", { api: fleet.api }));

describe("an app", () => {
  test("is made with addresses, secrets and certificates, and made again it stays as it is", async () => {
    const made = await ensure();
    expect(made.addresses.map(({ type }) => type).sort()).toEqual([
      "egress_v4",
      "egress_v6",
      "shared_v4",
      "v6",
    ]);
    expect(made.certificates).toMatchObject([{ hostname: "dnd.example.com", ready: false }]);
    expect(made.certificates[0]?.records).toContainEqual(expect.objectContaining({ type: "CNAME" }));
    const before = fleet.fly.requests.length;
    const again = await ensure();
    expect(again.addresses).toEqual(made.addresses);
    expect(again.secrets.digest).toBe(made.secrets.digest);
    expect(fleet.writesSince(before)).toEqual(["POST /v1/apps/web/secrets"]);
    expect(JSON.stringify([made, again])).not.toContain("canary-value-1");
  });

  test("of another organization is refused", async () => {
    await ensure();
    await expect(ensure({ organization: "others" })).rejects.toThrow(WrongOrganization);
  });

  test("loses the secrets that are no longer wanted, and its machines are updated once for a new value", async () => {
    const made = await ensure();
    const secrets = { version: made.secrets.version ?? undefined, digest: made.secrets.digest };
    await fleet.deploy(wishOf("v1", 2, { secrets }));
    const changed = await ensure({
      secrets: { OTHER: new Secret("canary-value-2") },
      formerSecrets: ["KEY"],
    });
    expect(changed.secrets.names).toEqual(["OTHER"]);
    const now = { version: changed.secrets.version ?? undefined, digest: changed.secrets.digest };
    const before = fleet.fly.requests.length;
    const { plan } = await fleet.deploy(wishOf("v1", 2, { secrets: now }));
    expect(plan.operations).toMatchObject([{ differences: ["secrets"] }, { differences: ["secrets"] }]);
    const updates = fleet.fly.requests.slice(before).filter(({ action }) => action === "update");
    expect(updates.map(({ body }) => (body as { min_secrets_version?: number }).min_secrets_version)).toEqual(
      [2, 2],
    );
    expect((await fleet.deploy(wishOf("v1", 2, { secrets: now }))).plan.operations).toEqual([]);
  });

  test("is seen as it is, and removed only when nothing of others is in it", async () => {
    await ensure();
    expect(await observe()).toMatchObject({
      organization: "guild",
      hostnames: ["dnd.example.com"],
    });
    const { id } = await fleet.api.machines.create("web", { config: { image: "a/b:c" } });
    await expect(remove()).rejects.toMatchObject({ kind: "refused" });
    await fleet.clock.advance(2000);
    await fleet.api.machines.destroy("web", id, { force: true });
    await fleet.clock.advance(2000);
    await remove();
    expect(await observe()).toBeUndefined();
  });
});
