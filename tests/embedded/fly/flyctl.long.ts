import { describeWith } from "../../harness/tools";
import { quickly, settingsOf, withFlyctl, type HandledApp, type Ran, type WithFlyctl } from "./flyctl";

const image = (tag: string) => `registry.fly.io/web:${tag}`;
const [v1, v2] = [image("v1"), image("v2")];

/** Each on an app of its own, which the tool has deployed before. */
const stories = ["first", "rolled", "sick", "bluegreen", "canary", "crashing", "secret", "scaled", "single"];

let opened: WithFlyctl;
const apps = new Map<string, HandledApp>();

function appOf(story: string): HandledApp {
  const app = apps.get(story);
  if (!app) throw new Error(`${story} has not been deployed`);
  return app;
}

const deploy = ({ flyctl }: HandledApp, wanted: string, ...more: string[]): Promise<Ran> =>
  flyctl("deploy", "--image", wanted, ...quickly, ...more);
const machines = ({ name }: HandledApp) => opened.api.machines.list(name);
const images = async (app: HandledApp) => (await machines(app)).map(({ config }) => config?.image).sort();
const releases = ({ name }: HandledApp) => opened.fly.world.app(name).releases.all;
const asked = ({ name }: HandledApp, action: string) =>
  opened.fly.requests.filter((one) => one.action === action && one.path.includes(`/apps/${name}/`));

async function deployed(name: string, wanted = v1, more = ""): Promise<void> {
  const app = await opened.make(name);
  await app.settings(settingsOf(name, more));
  expect(await deploy(app, wanted)).toMatchObject({ code: 0 });
  apps.set(name, app);
}

/** Every request of the tool has found a route. */
function expectAllAnswered(): void {
  expect(opened.fly.requests.filter(({ action, path }) => action === undefined && path !== "/")).toEqual([]);
}

describeWith("flyctl")("Fly's own tool, deploying to the stand-in", () => {
  let codeOfCommand = 0;
  /** Each takes twenty seconds by the tool's own pauses: they go on by themselves while the others are tried. */
  let slow: Record<"bluegreen" | "commanded" | "secret", { before: string[]; ran: Promise<Ran> }>;

  beforeAll(async () => {
    opened = await withFlyctl();
    const command = ({ config }: { config: { init?: unknown } }) =>
      JSON.stringify(config.init).includes("migrate") ? { exit: { afterMs: 300, code: codeOfCommand } } : {};
    for (const tag of ["migrates", "migrates-badly"]) opened.fly.script(image(tag), command);
    // All at once: most of what the tool does is waiting.
    await Promise.all([
      ...stories.map((story) => deployed(story)),
      deployed("commanded", image("migrates"), '[deploy]\n  release_command = "migrate"'),
    ]);
    codeOfCommand = 7;
    const begin = async (name: string, act: (app: HandledApp) => Promise<Ran>) => {
      const app = appOf(name);
      return { before: (await machines(app)).map(({ id }) => id), ran: act(app) };
    };
    slow = {
      bluegreen: await begin("bluegreen", (app) => deploy(app, v2, "--strategy", "bluegreen")),
      commanded: await begin("commanded", (app) => deploy(app, image("migrates-badly"))),
      secret: await begin("secret", ({ flyctl, name }) =>
        flyctl("secrets", "set", "TOKEN=canary-value", "-a", name, "--dns-checks=false"),
      ),
    };
  }, 120_000);
  afterAll(() => opened.end());

  test("makes addresses, a release and two machines with all that it marks them with", async () => {
    const app = appOf("first");
    const ips = await opened.api.addresses.list(app.name);
    expect(ips.map(({ type }) => type).sort()).toEqual(["shared_v4", "v6"]);
    expect(releases(app)).toMatchObject([{ version: 1, status: "complete", image: v1 }]);
    const found = await machines(app);
    expect(found).toHaveLength(2);
    for (const { config, state } of found) {
      expect(state).toBe("started");
      expect(config?.metadata).toMatchObject({
        fly_platform_version: "v2",
        fly_process_group: "app",
        fly_release_version: "1",
      });
    }
    expectAllAnswered();
  });

  test("rolls three machines to a new image, in place, and leaves no lease", async () => {
    const app = appOf("rolled");
    const { api } = opened;
    const [first] = await machines(app);
    const third = await api.machines.create(app.name, { config: first?.config ?? {}, region: "iad" });
    await api.machines.wait(app.name, third.id, { states: ["started"], timeoutMs: 5000 });
    const before = (await machines(app)).map(({ id }) => id);
    expect(await deploy(app, v2)).toMatchObject({ code: 0 });
    expect((await machines(app)).map(({ id }) => id)).toEqual(before);
    expect(await images(app)).toEqual([v2, v2, v2]);
    for (const id of before) expect(await api.leases.read(app.name, id)).toBeUndefined();
    expectAllAnswered();
  });

  test("leaves a roll that is not healthy half done, as it does", async () => {
    const app = appOf("sick");
    const sick = image("sick");
    opened.fly.script(sick, { checks: [{ afterMs: 100, status: "critical", output: "500" }] });
    const failed = await deploy(app, sick, "--wait-timeout", "5s");
    expect(failed.code).not.toBe(0);
    expect(await images(app)).toEqual([sick, v1]);
    expect(releases(app)[0]?.status).toBe("failed");
  });

  test("proves one canary, takes it away, and rolls the rest", async () => {
    const app = appOf("canary");
    expect(await deploy(app, v2, "--strategy", "canary")).toMatchObject({ code: 0 });
    expect(await images(app)).toEqual([v2, v2]);
    const canary = asked(app, "create").find(({ body }) => JSON.stringify(body).includes("fly_canary"));
    expect(canary).toBeDefined();
    expectAllAnswered();
  });

  test("sees a machine that crashes again and again in its smoke test", async () => {
    const app = appOf("crashing");
    const crashing = image("crashing");
    opened.fly.script(crashing, { exit: { afterMs: 200, code: 3 } });
    const failed = await app.flyctl("deploy", "--image", crashing, "--dns-checks=false", "--yes");
    expect(failed.code).not.toBe(0);
    expect(failed.text).toMatch(/smoke checks|crash/i);
    expect(await images(app)).toContain(v1);
  });

  test("scales what is there up and down", async () => {
    const app = appOf("scaled");
    const scale = (...args: string[]) => app.flyctl("scale", ...args, "-a", app.name);
    expect(await scale("count", "4", "--yes")).toMatchObject({ code: 0 });
    expect(await images(app)).toEqual([v1, v1, v1, v1]);
    expect(await scale("count", "1", "--yes")).toMatchObject({ code: 0 });
    expect(await images(app)).toEqual([v1]);
    expect((await scale("show")).text).toContain("shared");
    expectAllAnswered();
  });

  test("stops, starts and destroys single machines", async () => {
    const app = appOf("single");
    const [one] = await machines(app);
    const id = one?.id ?? "";
    for (const [verb, state] of [
      ["stop", "stopped"],
      ["start", "started"],
    ] as const) {
      expect(await app.flyctl("machine", verb, id, "-a", app.name)).toMatchObject({ code: 0 });
      await opened.api.machines.wait(app.name, id, { states: [state], timeoutMs: 10_000 });
    }
    const gone = await app.flyctl("machine", "destroy", id, "-a", app.name, "--force");
    expect(gone).toMatchObject({ code: 0 });
    expect((await machines(app)).map((machine) => machine.id)).not.toContain(id);
    expectAllAnswered();
  });

  test("makes apps, addresses, volumes, certificates and single machines", async () => {
    const { api } = opened;
    const { flyctl } = appOf("first");
    const run = async (...args: string[]) => expect(await flyctl(...args)).toMatchObject({ code: 0 });
    await run("apps", "create", "other", "-o", "guild");
    await run("ips", "allocate-v6", "-a", "other");
    expect((await flyctl("ips", "list", "-a", "other")).text).toContain("2a09:8280:1::");
    await run("volumes", "create", "data", "-a", "other", "-r", "ams", "-s", "1", "--yes");
    expect(await api.volumes.list("other")).toMatchObject([{ name: "data", region: "ams", size_gb: 1 }]);
    await run("certs", "add", "dnd.example.com", "-a", "other");
    expect((await flyctl("certs", "list", "-a", "other")).text).toContain("dnd.example.com");
    await run("machine", "run", v1, "-a", "other", "-r", "ams", "--detach");
    expect(await api.machines.list("other")).toMatchObject([{ region: "ams", state: "started" }]);
    await run("apps", "destroy", "other", "--yes");
    expect(await api.apps.get("other")).toBeUndefined();
    expectAllAnswered();
  });

  test("replaces the whole fleet by bluegreen", async () => {
    const app = appOf("bluegreen");
    const { before, ran } = slow.bluegreen;
    expect(await ran).toMatchObject({ code: 0 });
    const after = await machines(app);
    expect(after).toHaveLength(2);
    for (const { id } of after) expect(before).not.toContain(id);
    expect(await images(app)).toEqual([v2, v2]);
    expect(asked(app, "uncordon")).toHaveLength(2);
    expectAllAnswered();
  });

  test("runs the release command before any machine is touched, and stops when it fails", async () => {
    const app = appOf("commanded");
    const [good, bad] = [image("migrates"), image("migrates-badly")];
    const failed = await slow.commanded.ran;
    expect(asked(app, "create").at(0)?.body).toMatchObject({ config: { init: { cmd: ["migrate"] } } });
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain("7");
    expect(await images(app)).toEqual(expect.arrayContaining([good, good]));
    expect(asked(app, "update").filter(({ body }) => JSON.stringify(body).includes(bad))).toEqual([]);
  });

  test("redeploys when a secret is set, and tells that it is deployed", async () => {
    const app = appOf("secret");
    expect(await slow.secret.ran).toMatchObject({ code: 0 });
    expect(asked(app, "update")).toHaveLength(2);
    const listed = await app.flyctl("secrets", "list", "-a", app.name);
    expect(listed.text).toMatch(/TOKEN.*Deployed/);
    expect(listed.text).not.toContain("canary-value");
    expectAllAnswered();
  });
});
