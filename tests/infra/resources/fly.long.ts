import { FlyStandIn } from "../../../embedded/fly";
import { lifecycle as appLife, type FlyAppInputs } from "../../../infra/resources/fly-app";
import { lifecycle as machinesLife, type FlyMachinesInputs } from "../../../infra/resources/fly-machines";

const digest = (letter: string) => `registry.fly.io/web@sha256:${letter.repeat(64)}`;
const gate = { timeoutMs: 20_000, bakeMs: 0, toleratedRestarts: 0 };
const context = { signal: new AbortController().signal, progress: () => undefined };
const appInputs: FlyAppInputs = {
  app: "web",
  organization: "guild",
  addresses: { sharedV4: true, v4: 0, v6: 1, privateV6: 0, egressRegions: [] },
  hostnames: [],
  secrets: { KEY: "canary-value" },
};
const machinesInputs: FlyMachinesInputs = {
  app: "web",
  image: digest("a"),
  groups: [
    { name: "web", config: { guest: { cpu_kind: "shared", cpus: 1, memory_mb: 256 } }, counts: { iad: 1 } },
  ],
  strategy: { kind: "immediate" },
  gate,
};

let fly: FlyStandIn;
const before = { ...process.env };
beforeAll(async () => {
  fly = new FlyStandIn({ rateLimits: false, replaceMs: 5 });
  process.env.FLY_FLAPS_BASE_URL = await fly.listen();
  process.env.FLY_API_TOKEN = "test-token";
});
afterAll(async () => {
  process.env = before;
  await fly.close();
});

test("an app and its machines are made, found unchanged, found drifted, and removed", async () => {
  const app = await appLife.create(appInputs, context);
  expect(JSON.stringify(app)).not.toContain("canary-value");
  expect(await appLife.diff(app.id, app.outs, appInputs, context)).toEqual({ changes: false });
  const other = { ...appInputs, secrets: { KEY: "another" } };
  expect(await appLife.diff(app.id, app.outs, other, context)).toEqual({ changes: true });

  const inputs = { ...machinesInputs, secrets: app.outs.secretsSeen };
  const { id, outs } = await machinesLife.create(inputs, context);
  expect(outs.machines).toMatchObject([{ name: "web-iad-1", group: "web", image: digest("a") }]);
  expect(await machinesLife.diff(id, outs, inputs, context)).toEqual({ changes: false });
  const lines: string[] = [];
  const telling = { ...context, report: async (line: string) => void lines.push(line) };
  const writes = () => fly.requests.filter(({ method }) => method !== "GET").length;
  const count = writes();
  expect(await machinesLife.diff(id, outs, { ...inputs, image: digest("b") }, telling)).toEqual({
    changes: true,
  });
  expect(lines.join()).toContain("update web-iad-1");
  expect(writes()).toBe(count);

  const address = app.outs.addresses[0]?.ip ?? "";
  fly.world.app("web").addresses.release(address);
  expect(await appLife.diff(app.id, app.outs, appInputs, context)).toEqual({ changes: true });
  await machinesLife.delete(id, outs, context);
  expect(await machinesLife.read(id, outs, context)).toEqual({ id: "" });
  await appLife.delete(app.id, app.outs, context);
  expect(await appLife.read(app.id, app.outs, context)).toEqual({ id: "" });
});

test("an app that runs another environment is not taken over by a stack that never had it", async () => {
  const of = (environment: string): FlyMachinesInputs => ({
    ...machinesInputs,
    groups: [{ name: "web", config: { env: { DEPLOY_ENV: environment } }, counts: { iad: 1 } }],
  });
  const app = await appLife.create(appInputs, context);
  const { id, outs } = await machinesLife.create(of("staging"), context);
  const reasons = async (olds: object, environment: string) => {
    const { failures = [] } = (await machinesLife.check?.(olds, of(environment), context)) ?? {};
    return failures.map(({ reason }) => reason);
  };
  expect(await reasons({}, "production")).toEqual([
    "the app web runs staging, and this stack is production: give each of them an app.name of its own",
  ]);
  expect(await reasons({}, "staging")).toEqual([]);
  expect(await reasons(of("staging"), "production")).toEqual([]);
  await machinesLife.delete(id, outs, context);
  await appLife.delete(app.id, app.outs, context);
});
