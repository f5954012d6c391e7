import * as pulumi from "@pulumi/pulumi";
import type { FlyDeployedAppArgs } from "../../components/fly-deployed-app";
import type { DeployStep } from "../../components/release";
import { machinesWanted } from "../../stacks/fly";
import { readSettings } from "../../stacks/settings";
import { Watched, type Asked } from "./watched";

const watched = new Watched();
const image = { name: "registry.fly.io/tales", version: "1.2.0", digest: `sha256:${"a".repeat(64)}` };
const address = { uri: "mongodb://127.0.0.1:1/", name: "tales", credentials: "none" } as const;

beforeAll(() =>
  watched.start((_type, name) => ({ url: `http://${name}`, appUri: "mongodb://app@here", address }), {}),
);
beforeEach(() => watched.forget());

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
const isSecret = (value: unknown) => pulumi.isSecret(value as pulumi.Output<unknown>);
const named = (all: Asked[], name: string) => all.find((one) => one.name === name);

function stepAfter(after: pulumi.Resource[]): DeployStep {
  return {
    ...{ release: pulumi.output(7), address: pulumi.output(address), image: pulumi.output(image), after },
    ...{ schemaVersion: pulumi.output(null), machines: pulumi.output(null), returning: false },
  } as Partial<DeployStep> as DeployStep;
}

async function urnsOf({ options }: Asked): Promise<string[]> {
  const all = [options.dependsOn ?? []].flat() as pulumi.Resource[];
  return Promise.all(all.map(async ({ urn }) => (await known(urn)).split("::").at(-1) ?? ""));
}

async function flyApp(
  change: Partial<FlyDeployedAppArgs> = {},
  step: Partial<DeployStep> = {},
): Promise<Asked[]> {
  const { FlyDeployedApp, machinesWish } = await import("../../components/fly-deployed-app");
  const { LocalMongo, Restore } = await import("../../infra/resources");
  const { app } = readSettings({ "dnd-tracker:environment": "production" }, {});
  const before = new Restore(
    "before",
    { release: null, address, order: null, serving: { host: "fly", app: "tales" } },
    watched.options,
  );
  const args: FlyDeployedAppArgs = {
    ...{ environment: "production", app: "tales", organization: "guild", url: "https://tales.fly.dev" },
    addresses: { sharedV4: true, v4: 0, v6: 1, privateV6: 0, egressRegions: ["iad"] },
    ...{ hostnames: [], ownCertificates: {}, ownCounts: [], probePath: "/api/health" },
    machines: machinesWish(machinesWanted(app)),
    env: { DEPLOY_ENV: "production" },
    secrets: { MONGODB_URI: pulumi.secret("mongodb://app:canary@here") },
    // Any resource stands in for the entry of an access list: what counts is what waits for it.
    admit: (_addresses, parent) => [new LocalMongo("admitted", { folder: "m", database: "m" }, { parent })],
  };
  new FlyDeployedApp("app", { ...args, ...change }, { ...stepAfter([before]), ...step }, watched.options);
  return watched.all();
}

describe("the app at Fly", () => {
  test("is protected in production alone, and its secrets and own certificates are marked as such", async () => {
    const own = { "tales.example.com": { chain: "BEGIN CERTIFICATE", key: "canary" } };
    const made = named(await flyApp({ ownCertificates: own }), "app-fly");
    expect(made?.inputs).toMatchObject({ app: "tales", organization: "guild" });
    expect(made?.options).toMatchObject({ protect: true });
    expect(await isSecret(made?.props.secrets)).toBe(true);
    expect(await isSecret(made?.props.ownCertificates)).toBe(true);
    watched.forget();
    expect(named(await flyApp({ environment: "staging" }), "app-fly")?.options).toMatchObject({
      protect: false,
    });
  });

  test("is made after the steps that look, and its machines once its addresses are let in", async () => {
    const all = await flyApp();
    expect(await urnsOf(named(all, "app-fly") as Asked)).toEqual(["before"]);
    expect(await urnsOf(named(all, "app-machines") as Asked)).toEqual(["before", "admitted"]);
  });

  test("comes before the steps that look where they look through it; its machines wait for them all the same", async () => {
    const all = await flyApp({ comesFirst: true });
    expect(await urnsOf(named(all, "app-fly") as Asked)).toEqual([]);
    expect(await urnsOf(named(all, "app-machines") as Asked)).toEqual(["before", "admitted"]);
  });

  test("runs the very image of the release on each machine, with what the stack tells it and no secret", async () => {
    const machines = named(await flyApp(), "app-machines");
    expect(machines?.inputs).toMatchObject({
      app: "tales",
      image: `${image.name}@${image.digest}`,
      release: 7,
    });
    const env = { DEPLOY_ENV: "production", APP_VERSION: "1.2.0", IMAGE_DIGEST: image.digest };
    expect(machines?.inputs.groups).toMatchObject([{ config: { env } }]);
    expect(JSON.stringify(machines?.inputs)).not.toContain("canary");
  });
});

test("machines that somebody has asked for by hand are told from those of the settings, for the policies", async () => {
  const settings = named(await flyApp(), "app-machines");
  expect(settings?.inputs).not.toHaveProperty("asked");
  watched.forget();
  const scaled = named(await flyApp({}, { machines: pulumi.output(0) }), "app-machines");
  expect(scaled?.inputs).toMatchObject({ asked: 0, groups: [{ counts: { iad: 0 } }] });
});

describe("the parts of the local stack", () => {
  test("are a server, machines after it, and a monitor; what opens doors is a secret of each", async () => {
    const { LocalDatabase } = await import("../../components/local-database");
    const { LocalApp } = await import("../../components/local-app");
    const { Monitoring } = await import("../../components/monitoring");
    const database = new LocalDatabase("database", { name: "tales", port: 27100 }, watched.options);
    const app = new LocalApp(
      "app",
      {
        ...{ name: "tales", port: 3000, machines: 2, startTimeoutMs: 30_000, env: { LOG_LEVEL: "warn" } },
        ...{ secrets: { MONITORING_TOKEN: "canary" }, databaseName: "tales" },
        databaseUri: pulumi.secret("mongodb://app:canary@here"),
      },
      stepAfter([database]),
      watched.options,
    );
    new Monitoring(
      "monitoring",
      { port: 9464, intervalMs: 1000, secrets: { TOKEN: "canary" } },
      watched.options,
    );
    const all = await watched.all();
    expect(named(all, "database-server")?.inputs).toMatchObject({ database: "tales", port: 27100 });
    const machines = named(all, "app-machines");
    expect(machines?.inputs).toMatchObject({ count: 2, port: 3000, env: { LOG_LEVEL: "warn" } });
    expect(await urnsOf(machines as Asked)).toEqual(["database"]);
    for (const [name, secret] of [
      ["app-machines", "secrets"],
      ["app-machines", "databaseUri"],
      ["monitoring-process", "secrets"],
    ] as const)
      expect(await isSecret(named(all, name)?.props[secret])).toBe(true);
    expect(await known(app.url)).toBe("http://app-machines");
  });
});
