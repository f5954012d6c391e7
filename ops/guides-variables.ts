/**
 * Takes over what the guides set for each environment where a command knows one name alone: `MONGODB_URI_STAGING` is `MONGODB_URI`
 * of the stack `staging`, and `AWS_S3_BACKUP_BUCKET` is `S3_BUCKET`. What is set under the own name stands above it.
 */
export function takeGuidesVariables(stack: string, env: NodeJS.ProcessEnv = process.env): void {
  const uri = env[`MONGODB_URI_${stack.toUpperCase().replaceAll("-", "_")}`];
  if (uri && !env.MONGODB_URI) env.MONGODB_URI = uri;
  if (env.AWS_S3_BACKUP_BUCKET && !env.S3_BUCKET) env.S3_BUCKET = env.AWS_S3_BACKUP_BUCKET;
}
