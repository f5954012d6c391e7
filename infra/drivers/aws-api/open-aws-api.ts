import { Secret } from "../../support";
import { called, elementIn, type AwsPlace, type Service } from "./call";
import type { AwsApi, AwsCredentials } from "./contract";
import { AwsCredentialsMissing, AwsRefused } from "./errors";

/** The services as the environment names them: credentials by AWS' own rules, addresses by AWS_ENDPOINT_URL and its like. */
export async function awsApiOf(environment: NodeJS.ProcessEnv): Promise<AwsApi> {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL: all } = environment;
  const endpoint = (service: Service) => environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ?? all;
  const endpoints = Object.fromEntries(
    (["sts", "iam", "kms"] as const).flatMap((service) => {
      const at = endpoint(service);
      return at ? [[service, at]] : [];
    }),
  );
  const region = AWS_REGION ?? AWS_DEFAULT_REGION ?? "us-east-1";
  return openAwsApi({ region, credentials: await awsCredentials(region), endpoints });
}

export function openAwsApi(place: AwsPlace): AwsApi {
  const query = (service: "sts" | "iam", doing: string, words: [string, string][], signal: AbortSignal) => {
    const version: [string, string] = ["Version", service === "sts" ? "2011-06-15" : "2010-05-08"];
    const body = new URLSearchParams([...words, version]).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return called(place, { service, doing, body, headers }, signal);
  };
  const roleCalled = async (name: string, signal: AbortSignal) => {
    const words: [string, string][] = [
      ["Action", "GetRole"],
      ["RoleName", name],
    ];
    try {
      return elementIn(await query("iam", `show the role ${name}`, words, signal), "Arn");
    } catch (error) {
      if (error instanceof AwsRefused && !error.wrongCredentials) return undefined;
      throw error;
    }
  };
  return {
    caller: async (signal) => {
      const text = await query("sts", "tell who calls", [["Action", "GetCallerIdentity"]], signal);
      return { account: elementIn(text, "Account") ?? "", arn: elementIn(text, "Arn") ?? "" };
    },
    forbidden: async ({ arn }, actions, signal) => {
      const words: [string, string][] = [
        ["Action", "SimulatePrincipalPolicy"],
        ["PolicySourceArn", await principalOf(arn, (role) => roleCalled(role, signal))],
        ...actions.map((action, at): [string, string] => [`ActionNames.member.${at + 1}`, action]),
      ];
      try {
        return deniedIn(await query("iam", "tell what the caller may do", words, signal));
      } catch (error) {
        if (error instanceof AwsRefused && !error.wrongCredentials) return undefined;
        throw error;
      }
    },
    keyState: async (arn, signal) => {
      const headers = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "TrentService.DescribeKey",
      };
      const call = { service: "kms" as const, doing: `show the key ${arn}`, headers };
      try {
        const text = await called(place, { ...call, body: JSON.stringify({ KeyId: arn }) }, signal);
        const { KeyMetadata } = JSON.parse(text) as { KeyMetadata?: { KeyState?: string } };
        return KeyMetadata?.KeyState;
      } catch (error) {
        if (error instanceof AwsRefused && error.word.startsWith("NotFound")) return undefined;
        throw error;
      }
    },
  };
}

/** A session of a role has the role's rights; its name leaves the path out that a role of a single sign-on lies below. */
async function principalOf(
  arn: string,
  roleCalled: (name: string) => Promise<string | undefined>,
): Promise<string> {
  const [, account, role] = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (role === undefined) return arn;
  return (await roleCalled(role)) ?? `arn:aws:iam::${account}:role/${role}`;
}

function deniedIn(text: string): string[] {
  const results = text.split("<EvalActionName>").slice(1);
  return results.flatMap((one) => {
    const action = one.split("<")[0] ?? "";
    return elementIn(one, "EvalDecision") === "allowed" ? [] : [action];
  });
}

/** Who this machine is at AWS, by AWS' own rules. */
export async function awsCredentials(region: string): Promise<AwsCredentials> {
  // Slow to load: only who asks AWS pays for it.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const { S3Client } = require("@aws-sdk/client-s3") as typeof import("@aws-sdk/client-s3");
  const client = new S3Client({ region });
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
    return {
      accessKeyId,
      secretAccessKey: new Secret(secretAccessKey),
      sessionToken: sessionToken === undefined ? undefined : new Secret(sessionToken),
    };
  } catch (error) {
    throw new AwsCredentialsMissing(error);
  } finally {
    client.destroy();
  }
}
