import { FlyStandIn } from "../../../embedded/fly";
import { openFlyApi } from "../../../infra/drivers/fly-api";
import { ReachedCluster } from "../../../infra/resources/atlas-reach";
import { useStackKey } from "../../../infra/resources/stack-key";
import { lifecycle as migrationRun, type MigrationRunOutputs } from "../../../infra/resources/migration-run";
import { Secret } from "../../../infra/support";
import { AtlasStandIn } from "../../stand-ins/atlas";

const before = { ...process.env };
const token = "trial";
let atlas: AtlasStandIn;
let fly: FlyStandIn;
let api: ReturnType<typeof openFlyApi>;

beforeAll(async () => {
  [atlas, fly] = [await AtlasStandIn.open(), new FlyStandIn({ token, rateLimits: false })];
  const baseUrl = await fly.listen();
  api = openFlyApi({ token: new Secret(token), baseUrl });
  atlas.bring({ project: "tales", cluster: { name: "tales", uri: "mongodb://127.0.0.1:1" } });
  atlas.users.add("dnd-migration-1");
  useStackKey({ key: new Secret("k".repeat(32)), rotation: 1 });
  Object.assign(process.env, atlas.environment(), { FLY_API_TOKEN: token, FLY_FLAPS_BASE_URL: baseUrl });
});
afterAll(async () => {
  process.env = before;
  await Promise.all([atlas.close(), fly.close()]);
});

/** A cluster that a machine of an app goes to, as a preview looks for it. */
function reachedOver(app: string, image: string | undefined): ReachedCluster {
  const way = { app, region: "iad" };
  const outpost = { way, image: () => Promise.resolve(image), admitted: Promise.resolve() };
  return new ReachedCluster({ project: "tales", cluster: "tales", database: "t", lettingIn: false, outpost });
}

/** An app that runs an image, whose machines can do nothing for a run. */
async function bring(app: string, image: string): Promise<void> {
  await api.apps.create({ name: app, org_slug: "personal" });
  await api.machines.create(app, {
    name: "one",
    config: { image, restart: { policy: "no" }, metadata: { dnd_owner: "dnd" } },
  });
}

describe("a cluster that a machine of the app goes to", () => {
  test("is planned for by the update while there is no app", async () => {
    expect(await reachedOver("to-come", "tales@sha256:v1").observe(undefined)).toEqual({
      state: "down",
      why: "the database is looked at from Fly, where to-come has no machine yet: the update makes the plan",
    });
    expect(atlas.entries).toEqual([]);
  });

  test.each([
    ["has no `dnd`", "bare", { exit: { afterMs: 10, code: 1 } }],
    [
      "has another edition of `dnd`",
      "older",
      { exec: () => answer({ refused: "another edition", edition: "0.0.1, protocol 0" }) },
    ],
  ])(
    "is planned for by the update that builds the image, where the one that runs %s",
    async (_what, app, does) => {
      fly.script(`${app}@sha256:v1`, { ...does, bootMs: 1 });
      await bring(app, `${app}@sha256:v1`);
      const yetToBeBuilt = await reachedOver(app, undefined).observe(undefined);
      expect(yetToBeBuilt).toMatchObject({
        state: "down",
        why: expect.stringContaining("builds one") as string,
      });
      await expect(reachedOver(app, `${app}@sha256:v1`).observe(undefined)).rejects.toMatchObject({
        kind: "refused",
        remedy: expect.stringContaining("Dockerfile.monitor") as string,
      });
    },
  );

  test("keeps what was recorded of its migrations when the app is gone", async () => {
    reachedOver("gone", "tales@sha256:v1");
    const address = {
      ...{ uri: "mongodb://127.0.0.1:1", name: "t", credentials: "stack-key" as const },
      through: { app: "gone", region: "iad" },
    };
    const olds = { address, folder: "migrations", phase: "expand", schemaVersion: "7" };
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const read = await migrationRun.read("expand", olds as unknown as MigrationRunOutputs, context);
    expect(read).toMatchObject({ props: { schemaVersion: "7" } });
  });
});

const answer = (said: object) => ({ exit_code: 0, stdout: JSON.stringify(said), stderr: "" });
