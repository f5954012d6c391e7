import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
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
const tlsOnly: Thing = {
  type: kinds.bucketPolicy,
  props: { bucket: "archives", policy: '{"aws:SecureTransport":"false"}' },
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
const config = {
  env: { DEPLOY_ENV: "production" },
  services: [{ ports: [{ port: 80, force_https: true }, { port: 443 }] }],
};
const machines: Thing = { type: kinds.machines, props: { groups: [{ config, counts: { iad: 1, ams: 1 } }] } };
const backup: Thing = { type: kinds.backup, props: { wanted: true } };
const migration: Thing = { type: kinds.migration, props: { pending: [{ version: "1" }] } };

const good = [
  ...[bucket, publicAccess, encryption, versioning, tlsOnly, lifecycle],
  ...[cluster, access, user, schedule, machines, backup, migration],
];

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
  ["bucket-no-acl", but(bucket, { acl: "public-read" })],
  ["bucket-encrypted", but(encryption, { rules: [] })],
  ["bucket-versioned", but(versioning, { versioningConfiguration: { status: "Suspended" } })],
  ["bucket-tls-only", but(tlsOnly, { policy: "{}" })],
  ["bucket-retention", but(lifecycle, { rules: [{ expiration: { days: 90 } }] })],
  ["bucket-retention", but(lifecycle, { rules: [{ noncurrentVersionExpiration: { noncurrentDays: 1 } }] })],
  [
    "bucket-retention",
    but(lifecycle, { rules: [{ transitions: [{ days: 30, storageClass: "DEEP_ARCHIVE" }] }] }),
  ],
  ["bucket-locked", but(bucket, { objectLockEnabled: false })],
  ["bucket-complete", without(publicAccess)],
  ["bucket-complete", without(encryption)],
  ["bucket-complete", without(versioning)],
  ["bucket-complete", without(tlsOnly)],
  ["cluster-backed-up", but(cluster, { backupEnabled: false })],
  ["cluster-backed-up", but(cluster, { pitEnabled: false })],
  ["cluster-tls", but(cluster, { advancedConfiguration: { minimumEnabledTlsProtocol: "TLS1_1" } })],
  ["cluster-kept", but(cluster, { terminationProtectionEnabled: false })],
  [
    "cluster-dedicated",
    but(cluster, { replicationSpecs: [{ regionConfigs: [{ providerName: "TENANT" }] }] }),
  ],
  ["network-closed", but(access, { cidrBlock: "0.0.0.0/0" })],
  ["user-least-rights", but(user, { roles: [{ roleName: "atlasAdmin" }] })],
  ["snapshot-retention", but(schedule, { policyItemDaily: { retentionUnit: "days", retentionValue: 1 } })],
  ["machines-minimum", but(machines, { groups: [{ config, counts: { iad: 1 } }] })],
  [
    "machines-tls",
    but(machines, {
      groups: [{ config: { ...config, services: [{ ports: [{ port: 80 }] }] }, counts: { iad: 2 } }],
    }),
  ],
  ["tags", but(cluster, { tags: { environment: "staging" } })],
  ["data-protected", instead(cluster, { ...cluster, opts: {} })],
  ["archives-kept", but(bucket, { forceDestroy: true })],
  ["backup-before-migration", but(backup, { wanted: false })],
  ["backup-before-migration", without(backup)],
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

test.each(refused)("%s refuses what it is there for", async (rule, stack) => {
  expect(await refusalsOf(stack)).toContain(rule);
});

test("no rule goes untried", () => {
  const tried = new Set(refused.map(([rule]) => rule));
  expect(rules.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
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
