import { awsCredentials } from "../../../drivers/aws-api";
import { knownStackKey } from "../../../drivers/mongo";
import type { OutpostPlace } from "../../../drivers/outpost";
import { checkoutCommit } from "../../../support";

/** What says where stores are, and the keys of those that have keys of their own. */
const ofStores = /^S3_|^AWS_(REGION|DEFAULT_REGION|ENDPOINT_URL)|_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)$/;

/** What an outpost has to know of this process: how stores and the database are opened, and the commit of the checkout. */
export async function outpostGreeting(env: NodeJS.ProcessEnv): Promise<OutpostPlace["greeting"]> {
  const stores = Object.entries(env).filter(([name]) => ofStores.test(name));
  const commit = env.GIT_SHA ?? checkoutCommit();
  return {
    key: knownStackKey(),
    env: {
      ...(await credentialsIn(env)),
      ...(Object.fromEntries(stores) as Record<string, string>),
      ...(commit ? { GIT_SHA: commit } : {}),
    },
  };
}

/** Profiles and roles are files and addresses of this machine: what they give for now goes along. */
async function credentialsIn({
  AWS_REGION = "us-east-1",
}: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const found = await awsCredentials(AWS_REGION).catch(() => undefined);
  if (!found) return {};
  const { accessKeyId, secretAccessKey, sessionToken } = found;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey.reveal(),
    ...(sessionToken ? { AWS_SESSION_TOKEN: sessionToken.reveal() } : {}),
  };
}
