import * as pulumi from "@pulumi/pulumi";
import type { AppAddresses } from "../../components/fly-deployed-app";
import { readSettings } from "../../stacks/settings";

type Groups = Record<string, Record<string, unknown>>;

const asked = new Map<string, string>();

beforeAll(() =>
  pulumi.runtime.setMocks(
    {
      newResource: ({ name, type, inputs }) => {
        if (type.startsWith("aws:") || type.startsWith("mongodbatlas:"))
          asked.set(`${type.split(":").at(-1)} ${name}`, JSON.stringify(inputs));
        const arn = `arn:of:${name}`;
        const connectionStrings = { standardSrv: "mongodb+srv://c.example.net" };
        return { id: `${name}-id`, state: { ...(inputs as object), arn, connectionStrings } };
      },
      call: () => ({ accountId: "111122223333" }),
    },
    "dnd-tracker",
    "production",
    true,
  ),
);

const usual: Groups = {
  app: { image: "guild/tracker:v1", addresses: { egress: true } },
  database: { kind: "atlas", name: "tracker", orgId: "org", key: "k".repeat(32) },
  backup: {},
};

/** What a program with these settings asks AWS and Atlas for. */
async function wantedBy(groups: Groups, environment = "production"): Promise<Map<string, string>> {
  asked.clear();
  const values = Object.entries(groups).map(([group, value]) => [
    `dnd-tracker:${group}`,
    JSON.stringify(value),
  ]);
  const settings = readSettings(
    { "dnd-tracker:environment": environment, ...(Object.fromEntries(values) as object) },
    {},
  );
  const { cloudDatabase } = await import("../../stacks/cloud-database");
  const { cloudStore } = await import("../../stacks/cloud-store");
  const database = cloudDatabase(settings);
  cloudStore(settings);
  const given = ["iad", "ams"].map((region, at) => ({ type: "egress_v4", region, ip: `192.0.2.${at}` }));
  const app = new pulumi.ComponentResource("test:index:App", "app", {}, {});
  database.admit(pulumi.output(given) as unknown as AppAddresses, app);
  await pulumi.runtime.disconnect();
  return new Map(asked);
}

let unchanged: Promise<Map<string, string>> | undefined;

async function stepsOf(change: Groups): Promise<string[]> {
  const groups = { ...usual };
  for (const [group, values] of Object.entries(change)) groups[group] = { ...usual[group], ...values };
  const before = await (unchanged ??= wantedBy(usual));
  const after = await wantedBy(groups);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    if (!before.has(name)) return [`+ ${name}`];
    if (!after.has(name)) return [`- ${name}`];
    return before.get(name) === after.get(name) ? [] : [`~ ${name}`];
  });
}

const cluster = ["~ AdvancedCluster database-cluster"];
const usersOf = (sign: string, rotation: number) =>
  ["app", "backup", "migration"].map((role) => `${sign} DatabaseUser dnd-${role}-${rotation}`);
const alerts = ["connections", "disk", "no-primary", "oplog", "processor"].map(
  (key) => `~ AlertConfiguration database-alert-${key}`,
);
const replica = [
  "+ Bucket backups-replica",
  "+ BucketOwnershipControls backups-replica-ownership",
  "+ BucketPolicy backups-replica-tls",
  "+ BucketPublicAccessBlock backups-replica-access",
  "+ BucketReplicationConfig backups-replication",
  "+ BucketServerSideEncryptionConfiguration backups-replica-encryption",
  "+ BucketVersioning backups-replica-versioning",
  "+ Role backups-replication",
  "+ RolePolicy backups-replication-rights",
];
const ownLogs = [
  "- Bucket backups-logs",
  "- BucketLifecycleConfiguration backups-logs-lifecycle",
  "- BucketOwnershipControls backups-logs-ownership",
  "- BucketPolicy backups-logs-policy",
  "- BucketPublicAccessBlock backups-logs-access",
  "- BucketServerSideEncryptionConfiguration backups-logs-encryption",
  "- BucketVersioning backups-logs-versioning",
];
const role = { issuer: "https://vouch.example", subject: "repo:g/t:ref" };

/** What a change of settings changes of cluster, users, network and buckets, and what it leaves alone. */
const changes: [what: string, change: Groups, steps: string[]][] = [
  ["the same settings", {}, []],
  ["another image", { app: { image: "guild/tracker:v2" } }, []],
  ["more machines", { app: { machines: 4 } }, []],
  ["larger machines", { app: { memory: 4096 } }, []],
  ["another environment of the app", { app: { env: { LOG_LEVEL: "debug" } } }, []],
  ["another strategy", { app: { strategy: "bluegreen" } }, []],
  ["another region", { app: { regions: ["iad", "ams"] } }, ["+ ProjectIpAccessList database-access-ams"]],
  ["another tier", { database: { tier: "M20" } }, cluster],
  ["a tier to grow to", { database: { largestTier: "M30" } }, cluster],
  ["another version of the server", { database: { version: "8.1" } }, cluster],
  ["another region of the cluster", { database: { region: "EU_WEST_1" } }, cluster],
  ["other passwords", { database: { rotation: 2 } }, usersOf("+", 2)],
  ["another key", { database: { key: "n".repeat(32) } }, usersOf("~", 1)],
  [
    "another address let in",
    { database: { accessList: ["203.0.113.7/32"] } },
    ["+ ProjectIpAccessList database-access-203.0.113.7/32"],
  ],
  ["another way in for who deploys", { database: { reach: "listed" } }, []],
  ["a machine of the app in the place of who deploys", { database: { reach: "fly" } }, []],
  ["other people told", { database: { alertEmails: ["guild@example.com"] } }, alerts],
  [
    "another time for maintenance",
    { database: { maintenance: { hour: 4 } } },
    ["~ MaintenanceWindow database-maintenance"],
  ],
  [
    "a longer way back",
    { database: { restoreWindowDays: 14 } },
    ["~ CloudBackupSchedule database-snapshots"],
  ],
  ["a longer retention", { backup: { retention: { days: 60 } } }, []],
  [
    "a cheaper class",
    { backup: { bucket: { archiveClass: "GLACIER_IR" } } },
    ["~ BucketLifecycleConfiguration backups-lifecycle"],
  ],
  [
    "a key of one's own",
    { backup: { bucket: { kmsKey: "arn:aws:kms:us-east-1:111122223333:key/k" } } },
    ["~ BucketPolicy backups-tls", "~ BucketServerSideEncryptionConfiguration backups-encryption"],
  ],
  [
    "a log kept elsewhere",
    { backup: { bucket: { accessLogs: "guild-logs" } } },
    [...ownLogs, "~ BucketLogging backups-logging"],
  ],
  ["a copy in another region", { backup: { bucket: { replicaRegion: "eu-west-1" } } }, replica],
  [
    "a role for a workflow",
    { backup: { bucket: { backupRole: role } } },
    ["+ Role backups-role", "+ RolePolicy backups-role-rights"],
  ],
];

test.each(changes)(
  "%s changes exactly what it should",
  async (_what, change, steps) => {
    expect((await stepsOf(change)).sort()).toEqual([...steps].sort());
  },
  300_000,
);

/** What is one name for a whole account, or for the whole world. */
async function namesOf(environment: string): Promise<string[]> {
  const asked = await wantedBy(everything, environment);
  return [...asked].flatMap(([key, text]) => {
    const { bucket, name } = JSON.parse(text) as { bucket?: string; name?: string };
    const [type = ""] = key.split(" ");
    if (type === "Bucket") return [`bucket ${bucket}`];
    return ["Role", "Project", "AdvancedCluster"].includes(type) ? [`${type} ${name}`] : [];
  });
}

const everything: Groups = {
  ...usual,
  backup: { bucket: { replicaRegion: "eu-west-1", backupRole: role } },
};

test("two environments live in one account: no name of the one is a name of the other", async () => {
  const [staging, production] = [await namesOf("staging"), await namesOf("production")];
  expect(production).toEqual(
    expect.arrayContaining([
      "bucket dnd-tracker-production-111122223333",
      "bucket dnd-tracker-production-111122223333-logs",
      "bucket dnd-tracker-production-111122223333-eu-west-1",
      "Role dnd-tracker-production-backups",
      "Role dnd-tracker-production-111122223333-replication",
      "Project dnd-tracker-production",
      "AdvancedCluster dnd-tracker-production",
    ]),
  );
  expect(staging.length).toBeGreaterThanOrEqual(6);
  expect(staging.filter((name) => production.includes(name))).toEqual([]);
}, 120_000);
