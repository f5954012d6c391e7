import { lifecycle as appLife } from "../../../infra/resources/fly-app";
import { lifecycle as machinesLife, type FlyMachinesInputs } from "../../../infra/resources/fly-machines";
import { appInputs, context, digest, machinesInputs, playedFly } from "./fly-wishes";

const fly = playedFly();

test("an app is made, found unchanged, found drifted, and removed", async () => {
  const app = await appLife.create(appInputs, context);
  expect(JSON.stringify(app)).not.toContain("canary-value");
  expect(await appLife.diff(app.id, app.outs, appInputs, context)).toEqual({ changes: false });
  const other = { ...appInputs, secrets: { KEY: "another" } };
  expect(await appLife.diff(app.id, app.outs, other, context)).toEqual({ changes: true });
  const address = app.outs.addresses[0]?.ip ?? "";
  fly().world.app("web").addresses.release(address);
  expect(await appLife.diff(app.id, app.outs, appInputs, context)).toEqual({ changes: true });
  await appLife.delete(app.id, app.outs, context);
  expect(await appLife.read(app.id, app.outs, context)).toEqual({ id: "" });
});

// Fly allows one list of an app's machines a second: each test has an app of its own.
test("machines are made, found unchanged, found to be others than wanted, and removed", async () => {
  const app = await appLife.create({ ...appInputs, app: "crew" }, context);
  const inputs = { ...machinesInputs, app: "crew", secrets: app.outs.secretsSeen };
  const { id, outs } = await machinesLife.create(inputs, context);
  expect(outs.machines).toMatchObject([{ name: "web-iad-1", group: "web", image: digest("a") }]);
  expect(await machinesLife.diff(id, outs, inputs, context)).toEqual({ changes: false });
  const lines: string[] = [];
  const telling = { ...context, report: async (line: string) => void lines.push(line) };
  const writes = () => fly().requests.filter(({ method }) => method !== "GET").length;
  const count = writes();
  expect(await machinesLife.diff(id, outs, { ...inputs, image: digest("b") }, telling)).toEqual({
    changes: true,
  });
  expect(lines.join()).toContain("update web-iad-1");
  expect(writes()).toBe(count);
  await machinesLife.delete(id, outs, context);
  expect(await machinesLife.read(id, outs, context)).toEqual({ id: "" });
  await appLife.delete(app.id, app.outs, context);
});

test("an app that runs another environment is not taken over by a stack that never had it", async () => {
  const of = (environment: string): FlyMachinesInputs => ({
    ...machinesInputs,
    app: "shared",
    groups: [{ name: "web", config: { env: { DEPLOY_ENV: environment } }, counts: { iad: 1 } }],
  });
  const app = await appLife.create({ ...appInputs, app: "shared" }, context);
  const { id, outs } = await machinesLife.create(of("staging"), context);
  const reasons = async (olds: object, environment: string) => {
    const { failures = [] } = (await machinesLife.check?.(olds, of(environment), context)) ?? {};
    return failures.map(({ reason }) => reason);
  };
  expect(await reasons({}, "production")).toEqual([
    "the app shared runs staging, and this stack is production: give each of them an app.name of its own",
  ]);
  expect(await reasons({}, "staging")).toEqual([]);
  expect(await reasons(of("staging"), "production")).toEqual([]);
  await machinesLife.delete(id, outs, context);
  await appLife.delete(app.id, app.outs, context);
});
