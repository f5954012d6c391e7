import { FlyStandIn } from "../../../embedded/fly";
import { openFlyApi, type FlyApi } from "../../../infra/drivers/fly-api";
import { Secret } from "../../../infra/support";
import { dnd, type DndRun } from "../dnd";

let fly: FlyStandIn;
let api: FlyApi;
let url = "";
beforeAll(async () => {
  fly = new FlyStandIn({ rateLimits: false, replaceMs: 5 });
  url = await fly.listen();
  api = openFlyApi({ token: new Secret("test-token"), baseUrl: url });
  await api.apps.create({ name: "web", org_slug: "guild" });
});
afterAll(() => fly.close());

const volumes = (...args: string[]): Promise<DndRun> =>
  dnd(["fly", "volumes", ...args, "--app", "web"], { FLY_FLAPS_BASE_URL: url, FLY_API_TOKEN: "test-token" });

test("the volumes of an app are listed, and destroyed only when that is confirmed and nobody has them", async () => {
  const [used, free] = await Promise.all([
    api.volumes.create("web", { name: "data", region: "iad", size_gb: 3 }),
    api.volumes.create("web", { name: "old", region: "ams", size_gb: 7 }),
  ]);
  const mounts = [{ volume: used.id, path: "/data", name: "data" }];
  await api.machines.create("web", { name: "keeper", region: "iad", config: { image: "web:v1", mounts } });
  const list = await volumes("list");
  expect(list.stdout).toMatch(new RegExp(`${used.id}\\s+data\\s+iad\\s+3 GB\\s+keeper`));
  expect(list.stdout).toMatch(new RegExp(`${free.id}\\s+old\\s+ams\\s+7 GB\\s+none`));

  const [unconfirmed, attached, missing] = await Promise.all([
    volumes("destroy", free.id),
    volumes("destroy", used.id, "--yes"),
    volumes("destroy", "vol_none", "--yes"),
  ]);
  expect(unconfirmed.code).toBe(3);
  expect(unconfirmed.stderr).toContain(`volume ${free.id} (old, 7 GB, ams, attached to no machine)`);
  expect(unconfirmed.stderr).toContain("there is no snapshot of it");
  expect(attached.code).toBe(3);
  expect(attached.stderr).toContain("is attached to machine keeper");
  expect(missing.code).toBe(2);
  expect(fly.world.app("web").volumes.size).toBe(2);

  const done = await volumes("destroy", free.id, "--yes", "--json");
  expect(JSON.parse(done.stdout)).toEqual({ app: "web", destroyed: free.id });
  expect([...fly.world.app("web").volumes.keys()]).toEqual([used.id]);
}, 20_000);

test("`dnd fly volumes` says which words it knows", async () => {
  const unclear = await volumes("shrink");
  expect(unclear.code).toBe(2);
  expect(unclear.stderr).toContain("dnd fly volumes destroy vol_");
});
