import { inspect } from "node:util";
import { atlasApiOf, AtlasCredentialsWrong } from "../../../../infra/drivers/atlas-api";
import { AtlasStandIn } from "../../../stand-ins/atlas";

let atlas: AtlasStandIn;

beforeEach(async () => {
  atlas = await AtlasStandIn.open();
});

afterEach(() => atlas.close());

test.each(["keys", "service-account"] as const)("%s are let in", async (kind) => {
  const api = atlasApiOf(atlas.environment(kind));
  const { id } = await api.project("dnd-tracker");
  await expect(api.cluster(id, "dnd-tracker")).resolves.toMatchObject({ stateName: "IDLE" });
});

test.each(["keys", "service-account"] as const)(
  "%s whose nonce or token was forgotten by Atlas sign anew, and nothing is done twice",
  async (kind) => {
    const api = atlasApiOf(atlas.environment(kind));
    const { id } = await api.project("dnd-tracker");
    atlas.guard.forgetAll();
    await api.snapshots.start(id, "dnd-tracker", { description: "once", retentionDays: 1 });
    expect(atlas.snapshots).toHaveLength(1);
  },
);

test("one token serves many calls", async () => {
  const api = atlasApiOf(atlas.environment("service-account"));
  for (let call = 0; call < 3; call++) await api.project("dnd-tracker");
  expect(atlas.guard.tokensGiven).toBe(1);
});

test.each([
  ["MONGODB_ATLAS_PRIVATE_KEY", "keys"],
  ["MONGODB_ATLAS_CLIENT_SECRET", "service-account"],
] as const)("a wrong %s is told as such, and shown nowhere", async (name, kind) => {
  const api = atlasApiOf({ ...atlas.environment(kind), [name]: "canary-wrong" });
  const error: unknown = await api.project("dnd-tracker").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AtlasCredentialsWrong);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("canary");
});

test("nothing shows a secret when Atlas fails", async () => {
  for (const kind of ["keys", "service-account"] as const) {
    const environment = atlas.environment(kind);
    const api = atlasApiOf(environment);
    const { id } = await api.project("dnd-tracker");
    atlas.fail({ method: "DELETE", cut: true });
    const error: unknown = await api.access.remove(id, "203.0.113.7").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "atlas-unknown-outcome" });
    expect(inspect([error, api], { depth: 10, showHidden: true })).not.toContain("canary");
  }
});

test("without credentials the error names what to set", () => {
  expect(() => atlasApiOf({ MONGODB_ATLAS_BASE_URL: atlas.baseUrl })).toThrow(/MONGODB_ATLAS_PUBLIC_KEY/);
});

test("credentials never cross a network in the clear", () => {
  const environment = { ...atlas.environment(), MONGODB_ATLAS_BASE_URL: "http://atlas.example" };
  expect(() => atlasApiOf(environment)).toThrow(expect.objectContaining({ code: "atlas-base-url" }));
});
