import type { Secret } from "../../support";

/** Who calls AWS, for a while. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: Secret;
  sessionToken?: Secret | undefined;
}

export interface AwsCaller {
  account: string;
  arn: string;
}

/** What of AWS is asked before anything is made there; reads only. */
export interface AwsApi {
  /** Who the credentials belong to. */
  caller(signal: AbortSignal): Promise<AwsCaller>;
  /** Of these actions those that the caller may not do; undefined where it may not ask that of itself. */
  forbidden(
    caller: AwsCaller,
    actions: readonly string[],
    signal: AbortSignal,
  ): Promise<string[] | undefined>;
  /** "Enabled" and the like; undefined where there is no such key. */
  keyState(arn: string, signal: AbortSignal): Promise<string | undefined>;
}
