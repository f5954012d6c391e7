import type * as pulumi from "@pulumi/pulumi";
import type { BackupBucketArgs } from "../../components/backup-bucket";
import type { UploadsBucketArgs } from "../../components/uploads-bucket";
import { Watched } from "./watched";

const watched = new Watched();

beforeAll(() =>
  watched.start((_type, name) => ({ arn: `arn:aws:s3:::${name}` }), { accountId: "111122223333" }),
);
beforeEach(() => watched.forget());

async function bucket(change: Partial<BackupBucketArgs> = {}) {
  const { BackupBucket } = await import("../../components/backup-bucket");
  const args: BackupBucketArgs = {
    environment: "production",
    adopt: false,
    archiveClass: "STANDARD_IA",
    lockDays: 30,
  };
  return new BackupBucket("backups", { ...args, ...change }, watched.options);
}

async function uploads(change: Partial<UploadsBucketArgs> = {}) {
  const { UploadsBucket } = await import("../../components/uploads-bucket");
  const args = { environment: "production", adopt: false, ...change };
  return new UploadsBucket("uploads", args, watched.options);
}

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
const bucketType = "aws:s3/bucket:Bucket";
const text = (value: unknown) => JSON.stringify(value);

const arn = "arn:aws:s3:::backups";
/** Whatever does not say that it is encrypted so is refused, that which says nothing too. */
const encryptedUploads = (algorithm: string) => ({
  Sid: "EncryptedUploadsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:PutObject",
  Resource: `${arn}/*`,
  Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": algorithm } },
});

describe("the bucket for archives", () => {
  test("has a name that is the account's own, and an address that uploads as its policy asks", async () => {
    const store = await bucket();
    expect(await known(store.address)).toBe(
      "s3://dnd-tracker-production-111122223333?encryption=AES256&lock=governance&lock-days=30",
    );
    const named = await bucket({ environment: "staging", bucket: "guild", folder: "/archives" });
    expect(await known(named.address)).toBe("s3://guild/archives?encryption=AES256");
    await watched.all();
  });

  test("is versioned, encrypted, closed to the public, and takes nothing without TLS or unencrypted", async () => {
    await bucket();
    const all = await watched.all();
    const inputsOf = (name: string) => all.find((one) => one.name === name)?.inputs;
    expect(inputsOf("backups-versioning")).toMatchObject({ versioningConfiguration: { status: "Enabled" } });
    expect(text(inputsOf("backups-encryption"))).toContain("AES256");
    expect(inputsOf("backups-access")).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputsOf("backups-ownership")).toMatchObject({ rule: { objectOwnership: "BucketOwnerEnforced" } });
    const policy = JSON.parse(String(inputsOf("backups-tls")?.policy)) as { Statement: object[] };
    const everything = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, `${arn}/*`] };
    expect(policy.Statement).toEqual([
      { Sid: "TlsOnly", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Sid: "RecentTlsOnly", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
      encryptedUploads("AES256"),
    ]);
  });

  test("is tagged, protected and kept, and its parts wait for it to be closed", async () => {
    await bucket();
    const all = await watched.all();
    const main = all.find((one) => one.name === "backups" && one.type === bucketType);
    expect(main?.inputs).toMatchObject({
      objectLockEnabled: true,
      tags: { app: "dnd-tracker", environment: "production", purpose: "backups" },
    });
    expect(main?.options).toMatchObject({ protect: true, retainOnDelete: true });
    expect(all.find((one) => one.name === "backups-access")?.options).toMatchObject({ retainOnDelete: true });
    expect(all.find((one) => one.name === "backups-tls")?.options.dependsOn).toHaveLength(4);
    for (const name of ["backups-tls", "backups-lifecycle"])
      expect(all.find((one) => one.name === name)?.options).toMatchObject({ retainOnDelete: true });
  });

  test("moves archives to cheaper storage that answers at once, and deletes what retention gave up", async () => {
    await bucket({ archiveClass: "GLACIER_IR" });
    const lifecycle = (await watched.all()).find((one) => one.name === "backups-lifecycle");
    expect(lifecycle?.inputs.rules).toMatchObject([
      { noncurrentVersionExpiration: { noncurrentDays: 30 }, abortIncompleteMultipartUpload: {} },
      { transitions: [{ days: 30, storageClass: "GLACIER_IR" }] },
    ]);
    expect(text(lifecycle?.inputs.rules)).not.toContain('"expiration"');
  });

  test("of production says who asked it for what; of staging only where it is told to", async () => {
    await bucket();
    expect(await watched.of("aws:s3/bucketLogging:BucketLogging")).toHaveLength(1);
    watched.forget();
    await bucket({ environment: "staging" });
    expect(await watched.of("aws:s3/bucketLogging:BucketLogging")).toHaveLength(0);
  });

  test("is copied to another region, gives one workflow a role, and takes over what is there, where that is set", async () => {
    await bucket({
      bucket: "guild",
      adopt: true,
      replicaRegion: "eu-west-1",
      kmsKey: "arn:aws:kms:us-east-1:111122223333:key/k",
      backupRole: { issuer: "https://vouch.example", audience: "sts.amazonaws.com", subject: "repo:g/t:ref" },
    });
    const all = await watched.all();
    expect(all.find((one) => one.name === "backups" && one.type === bucketType)?.options.import).toBe(
      "guild",
    );
    expect(text(all.find((one) => one.name === "backups-encryption")?.inputs)).toContain("aws:kms");
    const ofBucket = String(all.find((one) => one.name === "backups-tls")?.inputs.policy);
    expect(ofBucket).toContain(text(encryptedUploads("aws:kms").Condition));
    const copied = all.find(({ type }) => type.includes("BucketReplicationConfig"));
    expect(text(copied?.inputs.rules)).toContain('"deleteMarkerReplication":{"status":"Disabled"}');
    const replica = all.find((one) => one.name === "backups-replica" && one.type === bucketType);
    expect(replica?.inputs).toMatchObject({ objectLockEnabled: true });
    const closed = String(all.find((one) => one.name === "backups-replica-tls")?.inputs.policy);
    expect(closed).toContain('"TlsOnly"');
    expect(closed).not.toContain("EncryptedUploadsOnly");
    const role = all.find((one) => one.name === "backups-role");
    expect(String(role?.inputs.assumeRolePolicy)).toContain('"vouch.example:sub":"repo:g/t:ref"');
    const rights = all.find((one) => one.name === "backups-role-rights");
    const policy = String(rights?.inputs.policy);
    for (const right of [
      "s3:PutObjectRetention",
      "s3:GetObjectLegalHold",
      "kms:GenerateDataKey",
      "kms:Decrypt",
    ])
      expect(policy).toContain(`"${right}"`);
    expect(policy).not.toMatch(/s3:\*|DeleteObjectVersion|BypassGovernance/);
  });

  test("of production can lock what it takes over, which was made by somebody else, and replaces no bucket for that", async () => {
    await bucket({ bucket: "guild", adopt: true });
    const all = await watched.all();
    const main = all.find((one) => one.name === "backups" && one.type === bucketType);
    expect(main?.options.ignoreChanges).toEqual(["objectLockEnabled"]);
    expect(all.find(({ name }) => name === "backups-lock")?.inputs).toMatchObject({
      objectLockEnabled: "Enabled",
    });
    expect(all.find(({ name }) => name === "backups-tls")?.options.dependsOn).toHaveLength(5);
    watched.forget();
    await bucket({ environment: "staging", bucket: "guild", adopt: true });
    expect((await watched.all()).some(({ name }) => name.endsWith("-lock"))).toBe(false);
  });

  test("takes over what has outlived its stack: itself, its log and its copy, and nothing that only looks alike", async () => {
    const kept = ["guild", "guild-logs", "guild-eu-west-1", "guild-of-others"];
    await bucket({ bucket: "guild", replicaRegion: "eu-west-1", kept });
    const made = (await watched.all()).filter(({ type }) => type === bucketType);
    expect(Object.fromEntries(made.map(({ name, options }) => [name, options.import]))).toEqual({
      backups: "guild",
      "backups-logs": "guild-logs",
      "backups-replica": "guild-eu-west-1",
    });
  });
});

describe("the bucket for what people upload", () => {
  test("is another than that of the archives, guarded and kept as that one is, and locks nothing", async () => {
    const made = await uploads();
    const all = await watched.all();
    const main = all.find((one) => one.name === "uploads" && one.type === bucketType);
    expect(main?.inputs).toMatchObject({
      bucket: "dnd-tracker-production-uploads-111122223333",
      tags: { app: "dnd-tracker", environment: "production", purpose: "uploads" },
    });
    expect(main?.inputs).not.toHaveProperty("objectLockEnabled");
    expect(main?.options).toMatchObject({ protect: true, retainOnDelete: true });
    expect(await known(made.bucket)).toBe("dnd-tracker-production-uploads-111122223333");
    const inputsOf = (name: string) => all.find((one) => one.name === name)?.inputs;
    expect(inputsOf("uploads-versioning")).toMatchObject({ versioningConfiguration: { status: "Enabled" } });
    expect(inputsOf("uploads-access")).toMatchObject({ blockPublicAcls: true, restrictPublicBuckets: true });
    expect(String(inputsOf("uploads-tls")?.policy)).toContain('"TlsOnly"');
    expect(text(inputsOf("uploads-lifecycle")?.rules)).not.toContain('"expiration"');
  });

  test("is one that is there, where that is set", async () => {
    await uploads({ environment: "staging", bucket: "guild-uploads", adopt: true });
    const main = (await watched.of(bucketType)).find(({ name }) => name === "uploads");
    expect(main?.options).toMatchObject({ import: "guild-uploads", protect: false, retainOnDelete: true });
  });
});
