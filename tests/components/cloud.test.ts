import * as pulumi from "@pulumi/pulumi";
import { Secret } from "../../infra/support";

interface Seen {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const seen: Seen[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      seen.push({ type: args.type, name: args.name, inputs: args.inputs as Record<string, unknown> });
      return {
        id: `${args.name}-id`,
        state: {
          ...args.inputs,
          connectionStrings: { standardSrv: "mongodb+srv://c" },
          arn: `arn:aws:s3:::${args.name}`,
        } as Record<string, unknown>,
      };
    },
    call: () => ({ accountId: "111122223333" }),
  });
});

beforeEach(() => {
  seen.length = 0;
});

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
const of = (type: string) => seen.filter((one) => one.type === type);

describe("the bucket for archives", () => {
  test("is versioned, encrypted, closed to the public and reached by TLS alone", async () => {
    const { BackupBucket } = await import("../../components/backup-bucket");
    const store = new BackupBucket("backups", {
      environment: "production",
      adopt: false,
      archiveClass: "STANDARD_IA",
      lockDays: 30,
    });
    expect(await known(store.address)).toBe(
      "s3://dnd-tracker-production-111122223333?encryption=AES256&lock=governance&lock-days=30",
    );
    await pulumi.runtime.disconnect();
    expect(of("aws:s3/bucketVersioning:BucketVersioning")[0]?.inputs).toMatchObject({
      versioningConfiguration: { status: "Enabled" },
    });
    expect(of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")[0]?.inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(
      JSON.stringify(
        of("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
      ),
    ).toContain("AES256");
    expect(JSON.stringify(of("aws:s3/bucketPolicy:BucketPolicy")[0]?.inputs.policy)).toContain(
      "aws:SecureTransport",
    );
  });
});

describe("the Atlas cluster", () => {
  const args = {
    environment: "production",
    name: "dnd-tracker",
    project: "dnd-tracker-production",
    orgId: "org",
    region: "US_EAST_1",
    version: "8.0",
    alertEmails: [],
    maintenance: { day: 3, hour: 8 },
    restoreWindowDays: 7,
    key: { key: new Secret("k".repeat(32)), rotation: 1 },
    reached: (uri: string) =>
      Promise.resolve({ uri, name: "dnd-tracker", credentials: "stack-key" as const }),
  };

  test("of production is dedicated, backed up to a point in time, and refuses table scans and scripts", async () => {
    const { AtlasDatabase } = await import("../../components/atlas-database");
    new AtlasDatabase("production", {
      ...args,
      tier: "M10",
      largestTier: "M20",
      accessList: ["203.0.113.7/32"],
    });
    await pulumi.runtime.disconnect();
    const [cluster] = of("mongodbatlas:index/advancedCluster:AdvancedCluster");
    expect(cluster?.inputs).toMatchObject({
      clusterType: "REPLICASET",
      backupEnabled: true,
      pitEnabled: true,
      terminationProtectionEnabled: true,
      advancedConfiguration: {
        noTableScan: true,
        javascriptEnabled: false,
        minimumEnabledTlsProtocol: "TLS1_2",
        oplogSizeMb: 2048,
      },
    });
    expect(
      of("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList").map((one) => one.inputs.cidrBlock),
    ).toEqual(["203.0.113.7/32"]);
  });

  test("of a free tier is a tenant and asks for nothing that a tenant cannot have", async () => {
    const { AtlasDatabase } = await import("../../components/atlas-database");
    new AtlasDatabase("staging", {
      ...args,
      environment: "staging",
      tier: "M0",
      largestTier: "M0",
      accessList: [],
    });
    await pulumi.runtime.disconnect();
    const inputs = of("mongodbatlas:index/advancedCluster:AdvancedCluster")[0]?.inputs;
    expect(JSON.stringify(inputs)).toContain('"providerName":"TENANT"');
    expect(inputs).not.toHaveProperty("advancedConfiguration");
    expect(inputs).not.toHaveProperty("pitEnabled");
  });
});
