import { describeWith } from "../../harness/tools";
import { quickly, settingsOf, withFlyctl, type WithFlyctl } from "./flyctl";

let opened: WithFlyctl;
beforeEach(async () => {
  opened = await withFlyctl();
});
afterEach(() => opened.end());

const v1 = "registry.fly.io/web:v1";
const v2 = "registry.fly.io/web:v2";

const deploy = (image: string, ...more: string[]) =>
  opened.flyctl("deploy", "--image", image, ...quickly, ...more);
const machines = () => opened.api.machines.list("web");
const images = async () => (await machines()).map(({ config }) => config?.image).sort();
const asked = (action: string) => opened.fly.requests.filter((one) => one.action === action);

async function deployed(more = ""): Promise<void> {
  await opened.settings(settingsOf(more));
  expect(await deploy(v1)).toMatchObject({ code: 0 });
}

/** Every request of the tool has found a route. */
function expectAllAnswered(): void {
  expect(opened.fly.requests.filter(({ action, path }) => action === undefined && path !== "/")).toEqual([]);
}

describeWith("flyctl")("Fly's own tool, deploying to the stand-in", () => {
  test("makes addresses, a release and two machines with all that it marks them with", async () => {
    await deployed();
    const ips = await opened.api.addresses.list("web");
    expect(ips.map(({ type }) => type).sort()).toEqual(["shared_v4", "v6"]);
    expect(opened.fly.world.app("web").releases.all).toMatchObject([
      { version: 1, status: "complete", image: v1 },
    ]);
    const found = await machines();
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
    await deployed();
    const [first] = await machines();
    const copy = { config: first?.config ?? {}, region: "iad" };
    const third = await opened.api.machines.create("web", copy);
    await opened.api.machines.wait("web", third.id, { states: ["started"], timeoutMs: 5000 });
    const before = (await machines()).map(({ id }) => id);
    expect(await deploy(v2)).toMatchObject({ code: 0 });
    expect((await machines()).map(({ id }) => id)).toEqual(before);
    expect(await images()).toEqual([v2, v2, v2]);
    for (const id of before) expect(await opened.api.leases.read("web", id)).toBeUndefined();
    expectAllAnswered();
  });

  test("leaves a roll that is not healthy half done, as it does", async () => {
    await deployed();
    opened.fly.script(v2, { checks: [{ afterMs: 100, status: "critical", output: "500" }] });
    const failed = await deploy(v2, "--wait-timeout", "10s");
    expect(failed.code).not.toBe(0);
    expect(await images()).toEqual([v1, v2]);
    expect(opened.fly.world.app("web").releases.all[0]?.status).toBe("failed");
  });

  test("replaces the whole fleet by bluegreen", async () => {
    await deployed();
    const before = (await machines()).map(({ id }) => id);
    expect(await deploy(v2, "--strategy", "bluegreen")).toMatchObject({ code: 0 });
    const after = await machines();
    expect(after).toHaveLength(2);
    for (const { id } of after) expect(before).not.toContain(id);
    expect(await images()).toEqual([v2, v2]);
    expect(asked("uncordon")).toHaveLength(2);
    expectAllAnswered();
  });

  test("proves one canary, takes it away, and rolls the rest", async () => {
    await deployed();
    expect(await deploy(v2, "--strategy", "canary")).toMatchObject({ code: 0 });
    expect(await images()).toEqual([v2, v2]);
    const canary = asked("create").find(({ body }) => JSON.stringify(body).includes("fly_canary"));
    expect(canary).toBeDefined();
    expectAllAnswered();
  });

  test("runs the release command before any machine is touched, and stops when it fails", async () => {
    let code = 0;
    const command = ({ config }: { config: { init?: unknown } }) =>
      JSON.stringify(config.init).includes("migrate") ? { exit: { afterMs: 300, code } } : {};
    for (const image of [v1, v2]) opened.fly.script(image, command);
    await deployed('[deploy]\n  release_command = "migrate"');
    expect(asked("create").at(0)?.body).toMatchObject({ config: { init: { cmd: ["migrate"] } } });
    code = 7;
    const failed = await deploy(v2);
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain("7");
    expect(await images()).toEqual(expect.arrayContaining([v1, v1]));
    expect(asked("update").filter(({ body }) => JSON.stringify(body).includes("web:v2"))).toEqual([]);
  });

  test("sees a machine that crashes again and again in its smoke test", async () => {
    await deployed();
    opened.fly.script(v2, { exit: { afterMs: 200, code: 3 } });
    const failed = await opened.flyctl("deploy", "--image", v2, "--dns-checks=false", "--yes");
    expect(failed.code).not.toBe(0);
    expect(failed.text).toMatch(/smoke checks|crash/i);
    expect(await images()).toContain(v1);
  });

  test("redeploys when a secret is set, and tells that it is deployed", async () => {
    await deployed();
    const set = await opened.flyctl(
      "secrets",
      "set",
      "TOKEN=canary-value",
      "-a",
      "web",
      "--dns-checks=false",
    );
    expect(set).toMatchObject({ code: 0 });
    expect(asked("update")).toHaveLength(2);
    const listed = await opened.flyctl("secrets", "list", "-a", "web");
    expect(listed.text).toMatch(/TOKEN.*Deployed/);
    expect(listed.text).not.toContain("canary-value");
    expectAllAnswered();
  });

  test("scales what is there up and down", async () => {
    await deployed();
    expect(await opened.flyctl("scale", "count", "4", "-a", "web", "--yes")).toMatchObject({ code: 0 });
    expect(await images()).toEqual([v1, v1, v1, v1]);
    expect(await opened.flyctl("scale", "count", "1", "-a", "web", "--yes")).toMatchObject({ code: 0 });
    expect(await images()).toEqual([v1]);
    const shown = await opened.flyctl("scale", "show", "-a", "web");
    expect(shown.text).toContain("shared");
    expectAllAnswered();
  });

  test("stops, starts and destroys single machines", async () => {
    await deployed();
    const [one] = await machines();
    const id = one?.id ?? "";
    for (const [verb, state] of [
      ["stop", "stopped"],
      ["start", "started"],
    ] as const) {
      expect(await opened.flyctl("machine", verb, id, "-a", "web")).toMatchObject({ code: 0 });
      await opened.api.machines.wait("web", id, { states: [state], timeoutMs: 10_000 });
    }
    const gone = await opened.flyctl("machine", "destroy", id, "-a", "web", "--force");
    expect(gone).toMatchObject({ code: 0 });
    expect((await machines()).map((machine) => machine.id)).not.toContain(id);
    expectAllAnswered();
  });

  test("makes apps, addresses, volumes, certificates and single machines", async () => {
    const { flyctl, api } = opened;
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
});
