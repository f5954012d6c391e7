import * as pulumi from "@pulumi/pulumi";
import type { AtlasDatabaseArgs } from "../../components/atlas-database";
import { Secret } from "../../infra/support";
import { Watched } from "./watched";

const watched = new Watched();
const uri = "mongodb+srv://cluster.example.mongodb.net";
const addressAt = (at: string) => ({ uri: at, name: "tracker", credentials: "stack-key" }) as const;

beforeAll(() => watched.start(() => ({ connectionStrings: { standardSrv: uri } }), {}));
beforeEach(() => watched.forget());

async function database(change: Partial<AtlasDatabaseArgs> = {}) {
  const { AtlasDatabase } = await import("../../components/atlas-database");
  const args: AtlasDatabaseArgs = {
    environment: "production",
    name: "tracker",
    project: "dnd-tracker-production",
    orgId: "org",
    tier: "M10",
    largestTier: "M20",
    region: "US_EAST_1",
    version: "8.0",
    accessList: ["203.0.113.7/32"],
    alertEmails: [],
    maintenance: { day: 3, hour: 8 },
    restoreWindowDays: 7,
    key: { key: new Secret("k".repeat(32)), rotation: 1 },
    addressAt,
    reached: (at) => Promise.resolve(addressAt(at)),
  };
  return new AtlasDatabase("database", { ...args, ...change }, watched.options);
}

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
const cluster = "mongodbatlas:index/advancedCluster:AdvancedCluster";
const user = "mongodbatlas:index/databaseUser:DatabaseUser";

describe("the cluster at Atlas", () => {
  test("of production is dedicated, backed up to any moment, and refuses table scans and scripts", async () => {
    await database();
    const [one] = await watched.of(cluster);
    expect(one?.inputs).toMatchObject({
      clusterType: "REPLICASET",
      backupEnabled: true,
      pitEnabled: true,
      terminationProtectionEnabled: true,
      tags: { app: "dnd-tracker", environment: "production" },
      advancedConfiguration: {
        noTableScan: true,
        javascriptEnabled: false,
        minimumEnabledTlsProtocol: "TLS1_2",
        oplogSizeMb: 2048,
      },
    });
    expect(JSON.stringify(one?.inputs.replicationSpecs)).toContain('"computeMaxInstanceSize":"M20"');
    expect(one?.options).toMatchObject({ protect: true, retainOnDelete: true });
  });

  test("keeps the size that it has grown to by itself", async () => {
    await database();
    const [one] = await watched.of(cluster);
    expect(one?.inputs).toMatchObject({ useEffectiveFields: true });
  });

  test("of a free tier is a tenant and asks for nothing that a tenant cannot have", async () => {
    await database({ environment: "staging", tier: "M0", largestTier: "M0" });
    const [one] = await watched.of(cluster);
    expect(JSON.stringify(one?.inputs)).toContain('"providerName":"TENANT"');
    for (const name of [
      "advancedConfiguration",
      "pitEnabled",
      "backupEnabled",
      "mongoDbMajorVersion",
      "useEffectiveFields",
    ])
      expect(one?.inputs).not.toHaveProperty(name);
    expect(one?.options).toMatchObject({ protect: false });
  });

  test("lets in who is named, and nobody else", async () => {
    await database();
    const entries = await watched.of("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList");
    expect(entries.map(({ inputs }) => inputs.cidrBlock)).toEqual(["203.0.113.7/32"]);
  });

  test("is watched over: alerts, snapshots, a time for maintenance, and in production an audit", async () => {
    await database({ alertEmails: ["guild@example.com"] });
    const all = await watched.all();
    const alerts = all.filter(({ type }) => type.includes("AlertConfiguration"));
    expect(alerts.map(({ name }) => name)).toEqual(
      ["no-primary", "connections", "disk", "processor", "oplog"].map((key) => `database-alert-${key}`),
    );
    expect(alerts[0]?.inputs.notifications).toMatchObject([{ emailAddress: "guild@example.com" }]);
    expect(all.find(({ name }) => name === "database-snapshots")?.inputs).toMatchObject({
      restoreWindowDays: 7,
      policyItemDaily: { retentionUnit: "days", retentionValue: 7 },
    });
    expect(all.find(({ name }) => name === "database-maintenance")?.inputs).toMatchObject({
      dayOfWeek: 3,
      hourOfDay: 8,
    });
    expect(all.some(({ name }) => name === "database-audit")).toBe(true);
  });

  test("keeps weekly snapshots for at least as long as daily ones, and audits nothing outside production", async () => {
    await database({ environment: "staging", restoreWindowDays: 30 });
    const all = await watched.all();
    expect(all.find(({ name }) => name === "database-snapshots")?.inputs).toMatchObject({
      policyItemDaily: { retentionUnit: "days", retentionValue: 30 },
      policyItemWeeklies: [{ retentionUnit: "days", retentionValue: 30 }],
    });
    expect(all.some(({ name }) => name === "database-audit")).toBe(false);
  });
});

describe("the users of the cluster", () => {
  test("are three, each with the rights of its work and a secret password, for this cluster alone", async () => {
    await database();
    const users = await watched.of(user);
    const rights = users.map(({ inputs }) => [
      inputs.username,
      (inputs.roles as { databaseName: string; roleName: string }[]).map(
        ({ databaseName, roleName }) => `${roleName} ${databaseName}`,
      ),
    ]);
    expect(Object.fromEntries(rights)).toEqual({
      "dnd-app-1": ["readWrite tracker", "read tracker_ops", "dnd-figures-writer admin"],
      "dnd-migration-1": [
        ...["readWrite tracker", "dbAdmin tracker"],
        ...["readWrite tracker_ops", "dbAdmin tracker_ops"],
      ],
      "dnd-backup-1": ["read tracker", "readWrite tracker_ops", "clusterMonitor admin"],
    });
    for (const { props, inputs } of users) {
      expect(await pulumi.isSecret(props.password as pulumi.Output<string>)).toBe(true);
      expect(inputs.scopes).toMatchObject([{ type: "CLUSTER" }]);
    }
  });

  test("let the app add figures and resolve alerts among the operations' own, and change nothing else there", async () => {
    await database();
    const [role] = await watched.of("mongodbatlas:index/customDbRole:CustomDbRole");
    const allowed = role?.inputs.actions as {
      action: string;
      resources: { databaseName: string; collectionName: string }[];
    }[];
    const shown = allowed.flatMap(({ action, resources }) =>
      resources.map(({ databaseName, collectionName }) => `${action} ${databaseName}.${collectionName}`),
    );
    expect(shown.sort()).toEqual([
      ...["CREATE_COLLECTION tracker_ops.metrics", "CREATE_INDEX tracker_ops.metric_hours"],
      ...["CREATE_INDEX tracker_ops.metrics", "INSERT tracker_ops.metric_hours"],
      ...["INSERT tracker_ops.metrics", "UPDATE tracker_ops.alerts", "UPDATE tracker_ops.metric_hours"],
    ]);
  });

  test("are others after a rotation, and those before are still there with what they had", async () => {
    await database();
    const before = await watched.of(user);
    watched.forget();
    const atlas = await database({ key: { key: new Secret("k".repeat(32)), rotation: 2 } });
    const after = await watched.of(user);
    expect(after.map(({ name }) => name).sort()).toEqual(
      ["app", "backup", "migration"].flatMap((role) => [`dnd-${role}-1`, `dnd-${role}-2`]),
    );
    const passwords = (all: typeof after) =>
      Promise.all(
        ["dnd-app-1", "dnd-backup-1"].map((name) => {
          const props = all.find((one) => one.name === name)?.props;
          return known(pulumi.unsecret(props?.password as pulumi.Output<string>));
        }),
      );
    expect(await passwords(after)).toEqual(await passwords(before));
    expect(await known(pulumi.unsecret(atlas.appUri))).toContain("//dnd-app-2:");
  });

  test("of another key keep the former one until they are rotated away", async () => {
    const former = new Secret("k".repeat(32));
    await database({ key: { key: former, rotation: 1 } });
    const [before] = (await watched.of(user)).filter(({ name }) => name === "dnd-app-1");
    watched.forget();
    await database({ key: { key: new Secret("n".repeat(32)), previousKey: former, rotation: 2 } });
    const [after] = (await watched.of(user)).filter(({ name }) => name === "dnd-app-1");
    const password = (one: typeof before) =>
      known(pulumi.unsecret(one?.props.password as pulumi.Output<string>));
    expect(await password(after)).toBe(await password(before));
  });

  test("keep the password that they were made with: machines that serve log in by it", async () => {
    await database();
    const users = await watched.of(user);
    expect(users.map(({ options }) => options.ignoreChanges)).toEqual(Array(3).fill(["password"]));
  });

  test("give the app an address that is a secret", async () => {
    const atlas = await database();
    expect(await pulumi.isSecret(atlas.appUri)).toBe(true);
    expect(await known(pulumi.unsecret(atlas.appUri))).toMatch(
      /^mongodb\+srv:\/\/dnd-app-1:[\w-]{43}@cluster\.example\.mongodb\.net\/tracker\?authSource=admin$/,
    );
    expect(await known(atlas.host)).toBe("cluster.example.mongodb.net");
    await watched.all();
  });
});
