import type { AwsApi, AwsCaller } from "../../../infra/drivers/aws-api";
import { bucketState } from "../../../infra/drivers/store";
import type { Settings } from "../../../stacks/settings";
import { namedBucket } from "../../../stacks/store-address";
import { missing, ok, warning, type Finding } from "../finding";
import { rightsNeeded } from "./aws-rights";
import { looked, patienceMs } from "./looked";

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
      ...bucketsOf(settings, caller.account).map((bucket) =>
        looked(bucket.what, async () => [await bucketFinding(bucket, signal)]),
      ),
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

/** A bucket of the stack's, by the setting that names it. */
interface OwnBucket {
  what: string;
  name: string;
  adopt: { setting: string; wanted: boolean };
}

function bucketsOf({ backup, app: { uploads }, environment }: Settings, account: string): OwnBucket[] {
  const archives: OwnBucket = {
    what: "backup.store",
    name: namedBucket(backup.store).bucket ?? `dnd-tracker-${environment}-${account}`,
    adopt: { setting: "backup.bucket.adopt", wanted: backup.bucket.adopt },
  };
  if (uploads === undefined) return [archives];
  const { bucket: name = `dnd-tracker-${environment}-uploads-${account}`, adopt: wanted } = uploads;
  return [archives, { what: "app.uploads.bucket", name, adopt: { setting: "app.uploads.adopt", wanted } }];
}

async function bucketFinding({ what, name, adopt }: OwnBucket, signal: AbortSignal): Promise<Finding> {
  const state = await bucketState(`s3://${name}`, signal);
  if (state === "free")
    return adopt.wanted
      ? missing(
          what,
          `there is no bucket ${name} to take over`,
          `Correct the name, or leave ${adopt.setting} out: then \`up\` makes it.`,
        )
      : ok(what, `${name} is not there yet: the first \`up\` makes it`);
  if (state === "others")
    return missing(
      what,
      `${name} is another account's, or may not be looked at`,
      `Name another bucket in ${what}: names are one space for the whole world.`,
    );
  if (adopt.wanted) return ok(what, `${name} is there and is taken over`);
  return ok(what, `${name} is there; where this stack has not made it, set ${adopt.setting}`);
}

async function rightsFinding(
  api: AwsApi,
  caller: AwsCaller,
  settings: Settings,
  signal: AbortSignal,
): Promise<Finding> {
  const what = "AWS rights";
  const actions = rightsNeeded(settings);
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
