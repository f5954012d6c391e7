import {
  ensureApp,
  observeApp,
  removeApp,
  seeCertificates,
  whyNotOwnCertificate,
  WrongOrganization,
  type AppWish,
} from "../../../../infra/engines/fly";
import { Secret } from "../../../../infra/support";
import { first, second } from "./certificates";
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

describe("the certificates of an app", () => {
  const own = ({ chain, key }: typeof first) => ({ "dnd.example.com": { chain, key: new Secret(key) } });
  const writes = (since: number) => fleet.writesSince(since).filter((one) => one.includes("certificates"));

  test("of one's own are brought once, again only when they are others, and pending is no failure", async () => {
    const lines: string[] = [];
    const progress = (line: string) => void lines.push(line);
    const options = { api: fleet.api, progress };
    const made = await fleet.clock.carry(ensureApp({ ...wish, ownCertificates: own(first) }, options));
    expect(made.certificates).toMatchObject([{ hostname: "dnd.example.com", ready: false }]);
    expect(lines.join("\n")).toMatch(/pending until the DNS has .*CNAME _acme-challenge\.dnd\.example\.com/);
    expect(JSON.stringify(made)).not.toContain("PRIVATE KEY");
    const before = fleet.fly.requests.length;
    const formerCertificates = made.certificates;
    await ensure({ ownCertificates: own(first), formerCertificates });
    expect(writes(before)).toEqual([]);
    await ensure({ ownCertificates: own(second), formerCertificates });
    expect(writes(before)).toEqual(["POST /v1/apps/web/certificates/custom"]);
  });

  test("are ready once the DNS is, and go with the host names that are no longer wanted, those of others stay", async () => {
    const made = await ensure({ hostnames: ["dnd.example.com", "old.example.com"] });
    const book = fleet.fly.world.app("web").certificates;
    book.requestAcme("theirs.example.com");
    book.get("dnd.example.com").progress.dnsReady = true;
    const seen = await fleet.clock.carry(seeCertificates("web", made.certificates, { api: fleet.api }));
    expect(seen.map(({ hostname, ready }) => [hostname, ready])).toEqual([
      ["dnd.example.com", true],
      ["old.example.com", false],
    ]);
    await ensure({ formerCertificates: made.certificates });
    expect(book.all.map(({ hostname }) => hostname)).toEqual(["dnd.example.com", "theirs.example.com"]);
  });

  test("of one's own give way to Fly's when those are ready, and not before", async () => {
    const brought = await ensure({ ownCertificates: own(first) });
    const book = fleet.fly.world.app("web").certificates;
    const pending = await ensure({ formerCertificates: brought.certificates });
    expect(book.get("dnd.example.com").custom).toBeDefined();
    book.get("dnd.example.com").progress.dnsReady = true;
    await ensure({ formerCertificates: pending.certificates });
    expect(book.get("dnd.example.com")).toMatchObject({ acme: true, custom: undefined });
  });

  test.each([
    ["another host", "dnd.example.org", first, /not for dnd\.example\.org/],
    ["a host that only a wildcard could stand for", "a.dnd.example.com", second, /not for a\.dnd/],
    ["a key of another", "dnd.example.com", { ...first, key: second.key }, /is not that of its certificate/],
    ["a key that is none", "dnd.example.com", { ...first, key: "x" }, /is not a private key/],
    ["a chain that is none", "dnd.example.com", { ...first, chain: "x" }, /is not in PEM/],
  ])("of one's own for %s are refused before any call", (_, hostname, { chain, key }, words) => {
    const why = whyNotOwnCertificate(hostname, { chain, key: new Secret(key) }, new Date());
    expect(why).toEqual([expect.stringMatching(words)]);
  });

  test("of one's own are refused when they have ended, and taken for every host they are for", () => {
    const { chain, key } = first;
    const why = (hostname: string, now: Date) =>
      whyNotOwnCertificate(hostname, { chain, key: new Secret(key) }, now);
    for (const hostname of ["dnd.example.com", "a.dnd.example.com", "*.dnd.example.com"])
      expect(why(hostname, new Date())).toEqual([]);
    expect(why("dnd.example.com", new Date("2200-01-01"))).toEqual([expect.stringContaining("ended on")]);
  });
});
