import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { Config } from "@pulumi/pulumi";

/** What a rule is told of a resource. */
export type Judged = Pick<ResourceValidationArgs, "type" | "name" | "props" | "opts">;

/** Why a resource is refused, each in words; nothing where it is as it should be. */
export type Judge = (resource: Judged) => string[];

/** A rule about every resource of some types, by the name that a refusal shows. */
export function rule(
  name: string,
  description: string,
  types: readonly string[] | "any",
  judge: Judge,
): ResourceValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    validateResource: (args, report) => {
      if (types !== "any" && !types.includes(args.type)) return;
      for (const reason of judge(args)) report(`${args.name} ${reason}`);
    },
  };
}

type Value = Record<string, unknown>;

/** The list at a name, empty where there is none. */
export function listAt(value: Value, name: string): Value[] {
  const found = value[name];
  return Array.isArray(found) ? (found as Value[]) : [];
}

/** The object at a name, empty where there is none. */
export function objectAt(value: Value, name: string): Value {
  const found = value[name];
  return typeof found === "object" && found !== null ? (found as Value) : {};
}

/** What the stack's settings say of all of it; a resource that says something else hides nothing. */
export function stackEnvironment(): string | undefined {
  return new Config("dnd-tracker").get("environment");
}

/** Whether a resource is production's: by its own tag, or by the stack's settings. */
export function isProduction({ props }: Judged): boolean {
  const said = [objectAt(props, "tags").environment, props.environment, stackEnvironment()];
  return said.includes("production");
}

/** A cluster that is no tenant of a shared one. */
export function isDedicated({ props }: Judged): boolean {
  const regions = listAt(props, "replicationSpecs").flatMap((spec) => listAt(spec, "regionConfigs"));
  return !regions.some(({ providerName }) => ["TENANT", "FLEX"].includes(String(providerName)));
}

export const kinds = {
  bucket: "aws:s3/bucket:Bucket",
  bucketAcl: "aws:s3/bucketAcl:BucketAcl",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
  encryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  objectLock: "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  publicAccess: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  role: "aws:iam/role:Role",
  project: "mongodbatlas:index/project:Project",
  cluster: "mongodbatlas:index/advancedCluster:AdvancedCluster",
  access: "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList",
  user: "mongodbatlas:index/databaseUser:DatabaseUser",
  schedule: "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule",
  machines: "pulumi-nodejs:dynamic/dnd:FlyMachines",
  backup: "pulumi-nodejs:dynamic/dnd:Backup",
  migration: "pulumi-nodejs:dynamic/dnd:MigrationRun",
} as const;
