import { bucketState } from "../../infra/drivers/store";
import { OperatorError, type Progress } from "../../infra/support";
import { keptBucketsEnvironment } from "../../stacks/kept-buckets";
import type { Settings } from "../../stacks/settings";
import { namedBucket } from "../../stacks/store-address";

interface Kept {
  settings: Settings;
  /** Where the archives are. */
  store: string;
  signal: AbortSignal;
  say: Progress;
}

/**
 * What the program is told of the stack's own buckets that are there still: AWS makes none a second time, and they are
 * what nobody wants to lose.
 */
export async function toldOfKeptBuckets({
  settings,
  store,
  signal,
  say,
}: Kept): Promise<Record<string, string>> {
  const own = ownBucket(settings, store);
  if (own === undefined) return {};
  const there: string[] = [];
  for (const name of [own, ...besides(own, settings)]) {
    const state = await bucketState(`s3://${name}`, signal);
    if (state === "others") throw notOurs(name);
    if (state === "there") there.push(name);
  }
  for (const name of there) say(`the bucket ${name} is there, and is taken over`);
  return keptBucketsEnvironment({ own, there });
}

/** Its name, where the settings or the address of the archives tell it; only a stack with a cluster of its own has one. */
function ownBucket({ backup, database, environment }: Settings, store: string): string | undefined {
  if (database.kind !== "atlas" || (environment === "development" && !backup.enabled)) return undefined;
  return namedBucket(backup.store).bucket ?? usualBucket(store, environment);
}

/** The bucket with its log, and its copy in another region. */
function besides(own: string, { backup, environment }: Settings): string[] {
  const { replicaRegion, accessLogs } = backup.bucket;
  const logged = environment === "production" && accessLogs === undefined;
  return [...(logged ? [`${own}-logs`] : []), ...(replicaRegion ? [`${own}-${replicaRegion}`] : [])];
}

/** The name that a stack gives to its bucket by itself, of that or of its copy in another region. */
function usualBucket(store: string, environment: string): string | undefined {
  const { bucket = "" } = namedBucket(store);
  return new RegExp(`^(dnd-tracker-${environment}-\\d{12})(-[a-z0-9-]+)?$`).exec(bucket)?.[1];
}

function notOurs(bucket: string): OperatorError {
  return new OperatorError({
    code: "bucket-not-ours",
    kind: "refused",
    message: `the bucket ${bucket}, which would be the stack's, is another account's or may not be looked at`,
    remedy: "Use keys of the account that has it, or name another bucket in backup.store.",
  });
}
