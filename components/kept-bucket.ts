import type * as pulumi from "@pulumi/pulumi";

/** What a bucket's resource is told where the bucket is there already. */
export type TakenOver = Pick<pulumi.CustomResourceOptions, "import">;

/** Takes a bucket over that has outlived its stack; any other is made. */
export function takenOver(bucket: string | undefined, kept: readonly string[]): TakenOver {
  return bucket !== undefined && kept.includes(bucket) ? { import: bucket } : {};
}
