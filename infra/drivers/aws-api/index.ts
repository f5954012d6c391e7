export type { AwsApi, AwsCaller, AwsCredentials } from "./contract";
export { AwsCredentialsMissing, AwsRefused } from "./errors";
export { awsApiOf, awsCredentials } from "./open-aws-api";
