import { setTimeout } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../../stacks/settings";
import { AtlasStandIn } from "../stand-ins/atlas";
import { RegistryStandIn } from "../stand-ins/registry";

type Inputs = Record<string, unknown>;

const before = { ...process.env };
const regions = ["iad", "ams"];
const ips = regions.map((region, at) => ({ type: "egress_v4", region, ip: `192.0.2.${at}` }));
const asked = new Map<string, Inputs>();
/** What the first of the steps that look has to wait for. */
let looks: Promise<unknown> = Promise.resolve();
let onAsked: (name: string) => void = () => undefined;
let atlas: AtlasStandIn;
let registry: RegistryStandIn;

beforeAll(async () => {
  [atlas, registry] = await Promise.all([AtlasStandIn.open(), RegistryStandIn.open()]);
  atlas.bring({ project: null, cluster: null });
  registry.push("guild/tracker:v1");
  Object.assign(process.env, atlas.environment(), { MONGODB_URI: "" });
  await pulumi.runtime.setMocks(
    {
      newResource: async ({ name, type, inputs }) => {
        onAsked(name);
        if (name === "preflight") await looks;
        asked.set(`${type} ${name}`, inputs as Inputs);
        const connectionStrings = { standardSrv: "mongodb+srv://c.example.net" };
        const addresses = name === "app-fly" ? { addresses: ips } : {};
        return { id: `${name}-id`, state: { ...(inputs as Inputs), connectionStrings, ...addresses } };
      },
      call: () => ({ accountId: "111122223333" }),
    },
    "dnd-tracker",
    "production",
    true,
  );
});
afterAll(async () => {
  // By then a plan has loaded what it loads while it waits.
  await setTimeout(200);
  process.env = before;
  await Promise.all([atlas.close(), registry.close()]);
});

/** All that a preview of production asks for, by type and name. */
async function wantedWith(reach: string): Promise<Map<string, Inputs>> {
  asked.clear();
  const groups = {
    app: { image: `${registry.host}/guild/tracker:v1`, addresses: { egress: true }, regions },
    database: { kind: "atlas", name: "tracker", orgId: "org", key: "k".repeat(32), reach },
    release: { promotion: { required: false } },
  };
  const values = Object.entries(groups).map(([name, group]) => [
    `dnd-tracker:${name}`,
    JSON.stringify(group),
  ]);
  const settings = readSettings(
    { "dnd-tracker:environment": "production", ...(Object.fromEntries(values) as object) },
    {},
  );
  const { cloud } = await import("../../stacks/cloud");
  cloud(settings, "0".repeat(40));
  await pulumi.runtime.disconnect();
  return new Map(asked);
}

const ofReach = ["through", "settingsHash"];
/** All that is asked for, but what says how the database is reached. */
const textOf = (all: Map<string, Inputs>) =>
  JSON.stringify([...all].sort(), (key, value: unknown) => (ofReach.includes(key) ? undefined : value), 1);

describe("a database that a machine of the app goes to", () => {
  test("is asked for with all else as it is otherwise; each step is told the way, in a preview too", async () => {
    const temporary = textOf(await wantedWith("temporary"));
    expect(textOf(await wantedWith("listed"))).toBe(temporary);
    const fly = await wantedWith("fly");
    expect(textOf(fly)).toBe(temporary);
    const addresses = [...fly.values()].flatMap(({ address }) => address ?? []);
    expect(addresses.length).toBeGreaterThanOrEqual(7);
    for (const address of addresses)
      expect(address).toMatchObject({ through: { app: "dnd-tracker", region: "iad" } });
  });

  test("lets in what leaves the app in each region", async () => {
    const all = await wantedWith("fly");
    const entries = [...all].filter(([key]) => key.includes("ProjectIpAccessList"));
    expect(entries.map(([, { cidrBlock }]) => cidrBlock).sort()).toEqual(["192.0.2.0/32", "192.0.2.1/32"]);
  });

  test("is looked at when the app is there", async () => {
    looks = new Promise<void>((resolve) => {
      onAsked = (name) => {
        if (name === "app-fly") resolve();
      };
    });
    expect((await wantedWith("fly")).size).toBeGreaterThan(8);
  });
});
