import { encrypted } from "../../../stacks/secret-paths";
import { promotionWanted } from "../../../stacks/promotion-settings";
import type { Settings } from "../../../stacks/settings";
import { missing, warning, type Finding } from "../finding";

type Trap = (settings: Settings, stack: string) => Finding | undefined;

/** Settings of the cloud that say one thing and do nothing, or contradict each other. */
export function cloudTraps(stack: string, settings: Settings): Finding[] {
  return traps.flatMap((trap) => trap(settings, stack) ?? []);
}

const traps: readonly Trap[] = [
  keyMissing,
  growsNowhere,
  windowOfTenants,
  snapshotOfTenants,
  releaseCommand,
  bucketOfGivenDatabase,
  promotedFromItself,
  overrideLeft,
];

const isTenant = (tier: string) => tier === "M0" || tier === "FLEX";

function keyMissing({ database }: Settings): Finding | undefined {
  if (database.kind !== "atlas") return undefined;
  const text = database.key?.reveal();
  if (text === encrypted || (text !== undefined && text.length >= 32)) return undefined;
  const found = text === undefined ? "is not set" : `has ${text.length} characters, at least 32 are safe`;
  return missing(
    "database.key",
    found,
    'Run `pulumi config set --secret --path dnd-tracker:database.key "$(openssl rand -hex 32)"`.',
  );
}

function growsNowhere({ database }: Settings): Finding | undefined {
  if (database.kind !== "atlas" || database.largestTier === undefined || !isTenant(database.tier))
    return undefined;
  return warning(
    "database.largestTier",
    `is dead: ${database.tier} does not grow by itself`,
    "Leave it out, or choose M10 or larger.",
  );
}

function windowOfTenants({ database, environment }: Settings): Finding | undefined {
  if (database.kind !== "atlas" || environment !== "production" || !isTenant(database.tier)) return undefined;
  return warning(
    "database.restoreWindowDays",
    `is dead: ${database.tier} can return to no moment`,
    "Production wants M10 or larger.",
  );
}

function snapshotOfTenants({ database, backup }: Settings): Finding | undefined {
  if (database.kind !== "atlas" || !backup.snapshot || !isTenant(database.tier)) return undefined;
  return missing(
    "backup.snapshot",
    `${database.tier} makes no snapshots on demand`,
    "Set it to false, or choose M10 or larger.",
  );
}

function releaseCommand({ app, migrations }: Settings): Finding | undefined {
  if (app.releaseCommand === undefined || !/migrat/i.test(app.releaseCommand) || migrations.skip)
    return undefined;
  return missing(
    "app.releaseCommand",
    "runs migrations, which the release runs too: twice, and once outside its lock",
    "Leave it out.",
  );
}

function bucketOfGivenDatabase({ database, backup }: Settings): Finding | undefined {
  if (database.kind === "atlas") return undefined;
  const { adopt, kmsKey, accessLogs, replicaRegion, backupRole } = backup.bucket;
  if (!adopt && !kmsKey && !accessLogs && !replicaRegion && !backupRole) return undefined;
  return warning(
    "backup.bucket",
    "is dead: only a stack with a cluster of its own makes a bucket",
    "Leave it out.",
  );
}

function promotedFromItself(settings: Settings, stack: string): Finding | undefined {
  const promotion = promotionWanted(settings, {});
  if (promotion?.from !== stack || promotion.override !== null) return undefined;
  return missing(
    "release.promotion.from",
    "is this very stack: nothing could ever be released",
    "Name the stack before it, such as staging.",
  );
}

function overrideLeft({ release: { promotion } }: Settings): Finding | undefined {
  if (promotion.override === undefined) return undefined;
  return warning(
    "release.promotion.override",
    `lets every release past staging: ${promotion.override}`,
    "Take it out when the emergency is over.",
  );
}
