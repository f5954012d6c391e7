import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { rules } from "../../policy/rules";
import { kinds } from "../../policy/rules/rule";

interface Thing {
  type: string;
  props: Record<string, unknown>;
  opts?: { protect?: boolean };
}

const tags = { app: "dnd-tracker", environment: "production", purpose: "backups" };
const bucket: Thing = {
  type: kinds.bucket,
  props: { bucket: "archives", tags, objectLockEnabled: true },
  opts: { protect: true },
};
const publicAccess: Thing = {
  type: kinds.publicAccess,
  props: {
    bucket: "archives",
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  },
};
const aes = { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
const encryption: Thing = { type: kinds.encryption, props: { bucket: "archives", rules: [aes] } };
const versioning: Thing = {
  type: kinds.versioning,
  props: { bucket: "archives", versioningConfiguration: { status: "Enabled" } },
};
const arn = "arn:aws:s3:::archives";
const denying = {
  ...{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, `${arn}/*`] },
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const policyOf = (...Statement: object[]) => ({
  policy: JSON.stringify({ Version: "2012-10-17", Statement }),
});
const tlsOnly: Thing = {
  type: kinds.bucketPolicy,
  props: { bucket: "archives", ...policyOf(denying) },
};
const lifecycle: Thing = {
  type: kinds.lifecycle,
  props: {
    rules: [
      {
        noncurrentVersionExpiration: { noncurrentDays: 30 },
        transitions: [{ days: 30, storageClass: "GLACIER_IR" }],
      },
    ],
  },
};
const cluster: Thing = {
  type: kinds.cluster,
  props: {
    tags,
    replicationSpecs: [{ regionConfigs: [{ providerName: "AWS" }] }],
    backupEnabled: true,
    pitEnabled: true,
    terminationProtectionEnabled: true,
    advancedConfiguration: { minimumEnabledTlsProtocol: "TLS1_2" },
  },
  opts: { protect: true },
};
const access: Thing = { type: kinds.access, props: { cidrBlock: "203.0.113.7/32" } };
const user: Thing = { type: kinds.user, props: { roles: [{ roleName: "readWrite" }] } };
const schedule: Thing = {
  type: kinds.schedule,
  props: { policyItemDaily: { retentionUnit: "days", retentionValue: 7 } },
};
const service = {
  internal_port: 3000,
  ports: [
    { port: 80, handlers: ["http"], force_https: true },
    { port: 443, handlers: ["tls", "http"] },
  ],
};
const config = { env: { DEPLOY_ENV: "production" }, services: [service] };
const helper = { env: { DEPLOY_ENV: "production" } };
const machines: Thing = { type: kinds.machines, props: { groups: [{ config, counts: { iad: 1, ams: 1 } }] } };
const backup: Thing = {
  type: kinds.backup,
  props: {
    ...{ wanted: true, environment: "production" },
    store: "s3://archives?encryption=AES256&lock=governance&lock-days=30",
  },
};
const migration: Thing = {
  type: kinds.migration,
  props: { pending: [{ version: "1" }], archive: "production-1" },
};

const good = [
  ...[bucket, publicAccess, encryption, versioning, tlsOnly, lifecycle],
  ...[cluster, access, user, schedule, machines, backup, migration],
];

/** A group of so many machines that answers players. */
function serving(machines: number, change: object = {}) {
  return { config: { ...config, services: [{ ...service, ...change }] }, counts: { iad: machines } };
}

const withProps = (thing: Thing, props: Record<string, unknown>): Thing => ({
  ...thing,
  props: { ...thing.props, ...props },
});
const without = (thing: Thing) => good.filter((one) => one !== thing);
const instead = (thing: Thing, other: Thing) => good.map((one) => (one === thing ? other : one));
const but = (thing: Thing, props: Record<string, unknown>) => instead(thing, withProps(thing, props));

/** What each rule refuses, in a stack that is good but for that. */
const refused: [rule: string, stack: Thing[]][] = [
  ["bucket-not-public", but(publicAccess, { blockPublicPolicy: false })],
  ...["blockPublicAcls", "ignorePublicAcls", "restrictPublicBuckets"].map((name): [string, Thing[]] => [
    "bucket-not-public",
    but(publicAccess, { [name]: undefined }),
  ]),
  ["bucket-no-acl", but(bucket, { acl: "public-read" })],
  ["bucket-no-acl", but(bucket, { grants: [{ permissions: ["READ"] }] })],
  ["bucket-no-acl", [...good, { type: kinds.bucketAcl, props: { acl: "authenticated-read" } }]],
  ["bucket-no-acl", [...good, { type: kinds.bucketAcl, props: { accessControlPolicy: {} } }]],
  ["bucket-encrypted", but(encryption, { rules: [] })],
  ["bucket-encrypted", but(encryption, { rules: [aes, { bucketKeyEnabled: true }] })],
  ["bucket-versioned", but(versioning, { versioningConfiguration: { status: "Suspended" } })],
  ["bucket-tls-only", but(tlsOnly, { policy: "{}" })],
  ["bucket-tls-only", but(tlsOnly, { policy: "no JSON" })],
  ["bucket-tls-only", but(tlsOnly, { policy: undefined })],
  ["bucket-tls-only", but(tlsOnly, policyOf({ ...denying, Effect: "Allow" }))],
  [
    "bucket-tls-only",
    but(tlsOnly, policyOf({ ...denying, Condition: { Bool: { "aws:SecureTransport": "true" } } })),
  ],
  ["bucket-tls-only", but(tlsOnly, policyOf({ ...denying, Principal: { AWS: "arn:aws:iam::1:root" } }))],
  ["bucket-tls-only", but(tlsOnly, policyOf({ ...denying, Action: "s3:PutObject" }))],
  ["bucket-tls-only", but(tlsOnly, policyOf({ ...denying, Resource: `${arn}/*` }))],
  ["bucket-tls-only", but(tlsOnly, policyOf({ ...denying, Resource: arn }))],
  [
    "bucket-tls-only",
    but(tlsOnly, policyOf(denying, { Effect: "Allow", Principal: { AWS: ["*"] }, Action: "s3:GetObject" })),
  ],
  ["bucket-retention", but(lifecycle, { rules: [{ expiration: { days: 90 } }] })],
  ["bucket-retention", but(lifecycle, { rules: [{ noncurrentVersionExpiration: { noncurrentDays: 1 } }] })],
  [
    "bucket-retention",
    but(lifecycle, { rules: [{ transitions: [{ days: 30, storageClass: "DEEP_ARCHIVE" }] }] }),
  ],
  ["bucket-locked", but(bucket, { objectLockEnabled: false })],
  ["bucket-locked", but(bucket, { objectLockEnabled: undefined, tags: { ...tags, purpose: undefined } })],
  ["bucket-complete", without(publicAccess)],
  ["bucket-complete", without(encryption)],
  ["bucket-complete", without(versioning)],
  ["bucket-complete", without(tlsOnly)],
  ["cluster-backed-up", but(cluster, { backupEnabled: false })],
  ["cluster-backed-up", but(cluster, { pitEnabled: false })],
  ...["TLS1_0", "TLS1_1", undefined].map((one): [string, Thing[]] => [
    "cluster-tls",
    but(cluster, { advancedConfiguration: { minimumEnabledTlsProtocol: one } }),
  ]),
  ["cluster-tls", but(cluster, { advancedConfiguration: undefined })],
  ["cluster-kept", but(cluster, { terminationProtectionEnabled: false })],
  [
    "cluster-dedicated",
    but(cluster, { replicationSpecs: [{ regionConfigs: [{ providerName: "TENANT" }] }] }),
  ],
  ...[
    "0.0.0.0/0",
    "::/0",
    "0.0.0.0",
    "128.0.0.0/1",
    "10.0.0.0/8",
    "203.0.0.0/15",
    "2001:db8::/32",
    "all",
  ].map((cidrBlock): [string, Thing[]] => ["network-closed", but(access, { cidrBlock })]),
  ["network-closed", instead(access, { type: kinds.access, props: { ipAddress: "0.0.0.0" } })],
  ["user-least-rights", but(user, { roles: [{ roleName: "atlasAdmin" }] })],
  ["user-least-rights", but(user, { roles: [{ roleName: "read" }, { roleName: "root" }] })],
  ["snapshot-retention", but(schedule, { policyItemDaily: { retentionUnit: "days", retentionValue: 6 } })],
  ["snapshot-retention", but(schedule, { policyItemDaily: undefined })],
  ["machines-minimum", but(machines, { groups: [{ config, counts: { iad: 1 } }] })],
  // Machines that only work behind the app serve nobody.
  ["machines-minimum", but(machines, { groups: [serving(1), { config: helper, counts: { iad: 5 } }] })],
  // Each answers at a port of its own, so each is the only one there.
  ["machines-minimum", but(machines, { groups: [serving(1), serving(1, { ports: [{ port: 8443 }] })] })],
  [
    "machines-minimum",
    but(machines, { groups: [{ config: { services: [service] }, counts: { iad: 1 } }, serving(0)] }),
  ],
  ["machines-minimum", but(machines, { groups: [{ config: helper, counts: { iad: 2 } }] })],
  [
    "machines-minimum",
    but(machines, { groups: [serving(2, { autostop: "stop", min_machines_running: 1 })] }),
  ],
  ["machines-minimum", but(machines, { groups: [serving(2, { autostop: true })] })],
  ["machines-tls", but(machines, { groups: [serving(2, { ports: [{ port: 80 }] })] })],
  ["machines-tls", but(machines, { groups: [serving(2, { ports: [{ port: 8080, handlers: ["http"] }] })] })],
  ["archives-locked", but(backup, { store: "s3://archives?lock=governance&lock-days=1" })],
  ...[bucket, cluster].flatMap((thing): [string, Thing[]][] => [
    ["tags", but(thing, { tags: { environment: "production", purpose: "backups" } })],
    ["tags", but(thing, { tags: { app: "dnd-tracker", purpose: "backups" } })],
    ["tags", but(thing, { tags: { app: "dnd-tracker", environment: "prod", purpose: "backups" } })],
    ["tags", but(thing, { tags: undefined })],
    ["data-protected", instead(thing, { ...thing, opts: {} })],
  ]),
  ["archives-kept", but(bucket, { forceDestroy: true })],
  ["archive-before-migration", but(migration, { archive: null })],
  ["archive-before-migration", but(migration, { archive: null, pending: [], reverting: [{ version: "1" }] })],
  ["backup-before-migration", but(backup, { wanted: false })],
  ["backup-before-migration", without(backup)],
  [
    "backup-before-migration",
    [...without(backup), { type: kinds.migration, props: { pending: [], reverting: [{ version: "1" }] } }],
  ],
  ...[
    "mongodbatlas:index/cluster:Cluster",
    "mongodbatlas:index/serverlessInstance:ServerlessInstance",
    "aws:s3/bucketV2:BucketV2",
  ].map((type): [string, Thing[]] => ["classes-judged", [...good, { type, props: {} }]]),
];

/** The names of the rules that refuse something of a stack. */
async function refusalsOf(stack: Thing[]): Promise<string[]> {
  const resources = stack.map((thing, at) => ({ name: `thing-${at}`, urn: `urn-${at}`, opts: {}, ...thing }));
  const names = new Set<string>();
  for (const rule of rules) {
    const report = () => void names.add(rule.name);
    const { validateResource } = rule as ResourceValidationPolicy;
    for (const validate of [validateResource ?? []].flat())
      for (const resource of resources) await validate(resource as never, report);
    await (rule as StackValidationPolicy).validateStack?.({ resources } as never, report);
  }
  return [...names];
}

test("a stack that has what it needs is refused by no rule", async () => {
  expect(await refusalsOf(good)).toEqual([]);
});

test.each(refused)("%s refuses what it is there for (%#)", async (rule, stack) => {
  expect(await refusalsOf(stack)).toContain(rule);
});

test("no rule goes untried", () => {
  const tried = new Set(refused.map(([rule]) => rule));
  expect(rules.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
});

test("what comes near to being wrong, and is not, is refused by no rule", async () => {
  const list = { ...denying, Action: ["s3:*"], Principal: { AWS: "*" } };
  const log = { Effect: "Allow", Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:PutObject" };
  for (const stack of [
    but(tlsOnly, policyOf(list, log)),
    but(tlsOnly, { policy: { Statement: denying } }),
    but(access, { cidrBlock: "10.1.0.0/16" }),
    but(schedule, { policyItemDaily: { retentionUnit: "weeks", retentionValue: 1 } }),
    // Two groups behind one port, with one machine each.
    but(machines, { groups: [serving(1), serving(1)] }),
    but(machines, { groups: [serving(2, { autostop: "stop", min_machines_running: 2 })] }),
    but(bucket, { objectLockEnabled: undefined, tags: { ...tags, purpose: "uploads" } }),
    // Somebody has sent the machines home for a while, and goes back or forward meanwhile.
    but(machines, { groups: [serving(0)], asked: 0 }),
    but(backup, { store: "file:///archives" }),
  ])
    expect(await refusalsOf(stack)).toEqual([]);
});

test("staging may be smaller", async () => {
  const small = {
    tags: { ...tags, environment: "staging" },
    replicationSpecs: [{ regionConfigs: [{ providerName: "TENANT" }] }],
  };
  const free: Thing = { type: kinds.cluster, props: small };
  const one = { env: { DEPLOY_ENV: "staging" }, services: [] };
  const alone: Thing = { type: kinds.machines, props: { groups: [{ config: one, counts: { iad: 1 } }] } };
  expect(await refusalsOf([free, alone])).toEqual([]);
});

describe("what the stack's settings say of it all", () => {
  const settings = (environment: string) =>
    pulumi.runtime.setAllConfig({ "dnd-tracker:environment": environment });
  afterEach(() => pulumi.runtime.setAllConfig({}));

  test("is believed before the tag of one resource: none gets out of production by it", async () => {
    settings("production");
    const disguised = { ...tags, environment: "staging" };
    expect(
      await refusalsOf(instead(cluster, { ...withProps(cluster, { tags: disguised }), opts: {} })),
    ).toEqual(["data-protected"]);
    const env = { DEPLOY_ENV: "staging" };
    const one = { config: { ...config, env }, counts: { iad: 1 } };
    expect(await refusalsOf(but(machines, { groups: [one] }))).toEqual(["machines-minimum"]);
  });

  test("lets a stack for a pull request, whose data is nobody's, migrate without an archive", async () => {
    settings("development");
    const own = { ...backup.props, wanted: false, environment: "development" };
    const alone = [
      { ...backup, props: own },
      { ...migration, props: { ...migration.props, archive: null } },
    ];
    expect(await refusalsOf(alone)).toEqual([]);
    settings("staging");
    expect(
      await refusalsOf(
        [backup, migration].map((one) =>
          withProps(one, { wanted: false, archive: null, environment: "staging" }),
        ),
      ),
    ).toEqual(["archive-before-migration", "backup-before-migration"]);
  });
});

test("what a preview cannot know yet is left to the rule that looks at the whole stack", async () => {
  const props = {
    pending: [{ version: "1" }],
    get archive(): string {
      throw new Error("String value at .archive can't be known during preview");
    },
  };
  expect(await refusalsOf(instead(migration, { type: kinds.migration, props }))).toEqual([]);
});
