import * as aws from "./aws";
import * as pulumi from "@pulumi/pulumi";

/** Bucket names are one space for the whole world: the account's number makes one of them ours. */
export function bucketName(...parts: string[]): pulumi.Output<string> {
  const account = aws.getCallerIdentityOutput().accountId;
  return pulumi.interpolate`dnd-tracker-${parts.join("-")}-${account}`;
}
