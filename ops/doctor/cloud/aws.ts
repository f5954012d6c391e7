import type { AwsApi, AwsCaller } from "../../../infra/drivers/aws-api";
import { bucketState } from "../../../infra/drivers/store";
import type { Settings } from "../../../stacks/settings";
import { namedBucket } from "../../../stacks/store-address";
import { missing, ok, warning, type Finding } from "../finding";
import { looked, patienceMs } from "./looked";

/** What `up` does to the bucket and looks at, and what archives need. */
const bucketActions = [
  ...["s3:CreateBucket", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutBucketPolicy"],
  ...["s3:PutBucketPublicAccessBlock", "s3:PutLifecycleConfiguration", "s3:PutBucketTagging"],
  ...["s3:PutBucketOwnershipControls", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration"],
  ...["s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock", "s3:GetLifecycleConfiguration"],
  ...["s3:GetBucketTagging", "s3:GetBucketOwnershipControls"],
  ...["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
];
const lockActions = [
  ...["s3:PutBucketObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"],
  ...["s3:PutObjectRetention", "s3:GetObjectRetention", "s3:GetObjectLegalHold"],
];
const logActions = ["s3:PutBucketLogging", "s3:GetBucketLogging"];
const copyActions = ["s3:PutReplicationConfiguration", "s3:GetReplicationConfiguration", "iam:PassRole"];
const roleActions = [
  ...["iam:CreateRole", "iam:TagRole", "iam:GetRole", "iam:PutRolePolicy", "iam:GetRolePolicy"],
];
const keyActions = ["kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt"];

/** Whether the bucket for archives can be made or taken over at AWS: credentials, name, rights and key. */
export function examineAws(settings: Settings, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  if (settings.environment === "development" && !settings.backup.enabled) return Promise.resolve([]);
  return looked("AWS credentials", async () => {
    const { awsApiOf } =
      require("../../../infra/drivers/aws-api") as typeof import("../../../infra/drivers/aws-api");
    const api = await awsApiOf(env);
    const signal = AbortSignal.timeout(patienceMs);
    const caller = await callerOf(api, signal);
    if ("what" in caller) return [caller];
    const each = await Promise.all([
      looked("backup.store", async () => [await bucketFinding(settings, caller.account, signal)]),
      looked("AWS rights", async () => [await rightsFinding(api, caller, settings, signal)]),
      looked("backup.bucket.kmsKey", () => keyFinding(api, settings, signal)),
    ]);
    return [ok("AWS credentials", `${caller.arn} in the account ${caller.account}`), ...each.flat()];
  });
}

async function callerOf(api: AwsApi, signal: AbortSignal): Promise<AwsCaller | Finding> {
  const { AwsRefused } =
    require("../../../infra/drivers/aws-api") as typeof import("../../../infra/drivers/aws-api");
  try {
    return await api.caller(signal);
  } catch (error) {
    if (!(error instanceof AwsRefused) || !error.wrongCredentials) throw error;
    const remedy =
      "Log in again (`aws sso login`), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to ones that are good.";
    return missing("AWS credentials", `AWS does not take them: ${error.said}`, remedy);
  }
}

async function bucketFinding(
  { backup, environment }: Settings,
  account: string,
  signal: AbortSignal,
): Promise<Finding> {
  const what = "backup.store";
  const bucket = namedBucket(backup.store).bucket ?? `dnd-tracker-${environment}-${account}`;
  const state = await bucketState(`s3://${bucket}`, signal);
  if (state === "free")
    return backup.bucket.adopt
      ? missing(
          what,
          `there is no bucket ${bucket} to take over`,
          "Correct the name, or leave backup.bucket.adopt out: then `up` makes it.",
        )
      : ok(what, `${bucket} is not there yet: the first \`up\` makes it`);
  if (state === "others")
    return missing(
      what,
      `${bucket} is another account's, or may not be looked at`,
      "Name another bucket in backup.store: names are one space for the whole world.",
    );
  if (backup.bucket.adopt) return ok(what, `${bucket} is there and is taken over`);
  return ok(what, `${bucket} is there; where this stack has not made it, set backup.bucket.adopt`);
}

function actionsOf({ environment, backup: { bucket } }: Settings): string[] {
  const production = environment === "production";
  return [
    ...bucketActions,
    ...(production ? lockActions : []),
    ...(production || bucket.accessLogs ? logActions : []),
    ...(bucket.replicaRegion ? copyActions : []),
    ...(bucket.backupRole || bucket.replicaRegion ? roleActions : []),
    ...(bucket.kmsKey ? keyActions : []),
  ];
}

async function rightsFinding(
  api: AwsApi,
  caller: AwsCaller,
  settings: Settings,
  signal: AbortSignal,
): Promise<Finding> {
  const what = "AWS rights";
  const actions = actionsOf(settings);
  const denied = await api.forbidden(caller, actions, signal);
  if (denied === undefined)
    return warning(
      what,
      "the caller may not ask AWS what it may do",
      "Give it iam:SimulatePrincipalPolicy on itself, and this line names each right that is missing.",
    );
  if (denied.length === 0) return ok(what, `all ${actions.length} that \`up\` needs`);
  return missing(what, `not allowed: ${denied.join(", ")}`, `Allow them to ${caller.arn}.`);
}

async function keyFinding(api: AwsApi, { backup }: Settings, signal: AbortSignal): Promise<Finding[]> {
  const { kmsKey } = backup.bucket;
  if (kmsKey === undefined || kmsKey.startsWith("platform:")) return [];
  const what = "backup.bucket.kmsKey";
  const state = await api.keyState(kmsKey, signal);
  if (state === "Enabled") return [ok(what, `${kmsKey} is enabled`)];
  const found = state === undefined ? "is not there" : `is ${state}`;
  return [missing(what, `${kmsKey} ${found}`, "Name a key that is enabled, in the region of the bucket.")];
}
