import { FlyStandIn } from "../../../embedded/fly";
import { openFlyApi } from "../../../infra/drivers/fly-api";
import { Secret } from "../../../infra/support";
import { examineReach } from "../../../ops/doctor/cloud/reach";
import { readSettings } from "../../../stacks/settings";
import { AtlasStandIn } from "../../stand-ins/atlas";

type Groups = Record<string, Record<string, unknown>>;

describe("doctor where a machine of the app goes to the database", () => {
  let atlas: AtlasStandIn;
  let fly: FlyStandIn;
  let flyApi: string;
  beforeEach(async () => {
    atlas = await AtlasStandIn.open();
    atlas.bring({ project: "dnd-tracker-production" });
    fly = new FlyStandIn({ organizations: ["guild"], token: "canary-fly-token", rateLimits: false });
    flyApi = await fly.listen();
  });
  afterEach(() => Promise.all([atlas.close(), fly.close()]));

  const usual: Groups = {
    app: { name: "tracker", organization: "guild", addresses: { egress: true }, regions: ["ams", "iad"] },
    database: { kind: "atlas", orgId: "org-1", key: "k".repeat(32), reach: "fly" },
  };
  async function examined(change: Groups = {}, env: NodeJS.ProcessEnv = {}) {
    const groups = Object.entries(usual).map(([name, values]) => [
      `dnd-tracker:${name}`,
      JSON.stringify({ ...values, ...change[name] }),
    ]);
    const values = { "dnd-tracker:environment": "production", ...(Object.fromEntries(groups) as object) };
    const found = await examineReach(readSettings(values, {}), {
      ...atlas.environment(),
      ...{ FLY_API_TOKEN: "canary-fly-token", FLY_FLAPS_BASE_URL: flyApi, FLY_API_BASE_URL: flyApi },
      ...env,
    });
    expect(JSON.stringify(found)).not.toMatch(/canary|kkkk/);
    return found.map(
      ({ status, what, found: seen, remedy }) =>
        `${status} ${what}: ${seen}${remedy === null ? "" : ` → ${remedy}`}`,
    );
  }

  /** The app as the first `up` left it; gives the address that it comes from in a region. */
  async function bringApp(region: string | null = "ams"): Promise<string> {
    const api = openFlyApi({ token: new Secret("canary-fly-token"), baseUrl: flyApi, platformUrl: flyApi });
    await api.apps.create({ name: "tracker", org_slug: "guild" });
    await api.machines.create("tracker", {
      name: "one",
      config: { image: "registry.fly.io/tracker@sha256:v1", metadata: { dnd_owner: "dnd" } },
    });
    if (region === null) return "";
    await api.addresses.assign("tracker", { type: "egress_pair", region });
    const all = await api.addresses.list("tracker");
    return all.find(({ type }) => type === "egress_v4")?.ip ?? "";
  }

  test("says so, and that the first up makes the app that is not there yet", async () => {
    expect(await examined()).toEqual([
      "ok database.reach: fly: a machine of tracker goes to the database, and this one is never let in",
      "ok app.image: tracker is not there yet: the first `up` makes it and sends what it releases",
    ]);
  });

  test("says which image goes, and that it is let in where it comes from", async () => {
    const ip = await bringApp();
    atlas.entries.push({ ipAddress: ip, cidrBlock: `${ip}/32`, comment: "" });
    expect(await examined()).toEqual([
      expect.stringMatching(/^ok database\.reach: fly: a machine of tracker goes/),
      "ok app.image: registry.fly.io/tracker@sha256:v1 goes to the database: it needs `dnd` as Dockerfile.monitor puts it there",
      `ok Atlas access list: dnd-tracker-production lets ${ip} in, where the machine comes from`,
    ]);
  });

  test("misses a fixed address, and an image that has `dnd`", async () => {
    const app = { addresses: { egress: false }, build: { dockerfile: "Dockerfile" } };
    expect(await examined({ app })).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^missing app\.addresses\.egress: is false.* → Set it to true\.$/),
        expect.stringMatching(/^missing app\.build\.dockerfile: is Dockerfile.* → .*Dockerfile\.monitor\.$/),
      ]),
    );
    expect((await examined({ app: { build: { dockerfile: "Dockerfile.monitor" } } })).join()).not.toMatch(
      /missing|warning/,
    );
  });

  test("misses a token, and one that may look at the app's machines", async () => {
    await bringApp();
    expect(await examined({}, { FLY_API_TOKEN: undefined })).toContainEqual(
      expect.stringMatching(/^missing database\.reach: there is no token.*FLY_API_TOKEN/),
    );
    const denied =
      "missing database.reach: fly, and the token at Fly may not look at the machines of tracker → Make one with `fly tokens create org guild` and set FLY_API_TOKEN to it.";
    expect(await examined({}, { FLY_API_TOKEN: "old" })).toContain(denied);
    fly.faults.add({ path: /\/machines$/, harm: { kind: "status", status: 403 } });
    expect(await examined()).toContain(denied);
  });

  test("tells of an address that is yet to come in the region that the machine goes from", async () => {
    const remedy = "→ `dnd up` gives it one and lets it in.";
    const yetToCome = `warning app.addresses.egress: tracker has no fixed address in ams yet: nothing can look at the database before that ${remedy}`;
    await bringApp("iad");
    expect(await examined()).toContain(yetToCome);
  });

  test("misses the address on the access list, wherever the project is there", async () => {
    const ip = await bringApp();
    atlas.entries.push({ ipAddress: "198.51.100.1", comment: "" });
    expect(await examined()).toContain(
      `missing Atlas access list: dnd-tracker-production does not let ${ip} in, where the machine comes from → \`dnd up\` lets it in; where somebody has taken it off, run \`dnd refresh\` first.`,
    );
    atlas.bring({ project: null });
    expect(await examined()).toContain(
      `ok Atlas access list: dnd-tracker-production is not there yet: \`up\` makes it and lets ${ip} in`,
    );
  });

  test("names the right at Atlas that is missing to look", async () => {
    await bringApp();
    atlas.fail({ at: "/accessList", status: 403, errorCode: "USER_UNAUTHORIZED" });
    expect(await examined()).toContainEqual(
      expect.stringMatching(
        /^missing Atlas access list: Atlas did not show who may connect.* → .*Project Read Only/,
      ),
    );
  });
});
