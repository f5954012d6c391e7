import type { Image, Release } from "./release";
import { aimOf, type PassedOver } from "./rollback-aim";
import { expectedDuration } from "./rollback-duration";
import type { AppliedMigration, KnownArchive, RollbackFacts, RollbackWish } from "./rollback-facts";
import { noTarget, obstaclesOf, type Obstacle } from "./rollback-obstacles";
import type { RollbackOrder } from "./rollback-order";
import { archiveOf, newestArchive, schemaIn, servingRelease, takenBack } from "./rollback-target";

/** What a rollback would do, before anything is touched. */
export interface RollbackPlan {
  kind: RollbackOrder["kind"];
  /** The release that is taken back. */
  rollbackOf: number;
  /** The release whose state comes back. */
  target: number;
  /** Newer good releases than the target whose code cannot live with the schema of today. */
  passedOver: PassedOver[];
  /** What runs now, and afterwards. */
  image: { before: Image; after: Image };
  schema: { before: string | null; after: string | null };
  /** Migrations that go back, the newest first. */
  reverting: AppliedMigration[];
  /** Expand migrations that stay because they have no way back; the old code lives with them. */
  staying: AppliedMigration[];
  archive: KnownArchive | null;
  /** Writes that would be gone: "unknown" counts as loss. */
  loss: number | "unknown";
  /** Null where no earlier release tells. */
  expectedMs: number | null;
  /** What cannot be done safely, each with the way that is left; with any of them nothing is begun. */
  obstacles: Obstacle[];
}

/** Says what a rollback would do and what stands in its way; null where there is nothing to go back to or from. */
export function planRollback(
  wish: RollbackWish,
  facts: RollbackFacts,
): RollbackPlan | { impossible: Obstacle } {
  const [of, serving] = [takenBack(facts), servingRelease(facts)];
  const { target, passedOver } = aimOf(wish, facts);
  if (!of || !serving || !target || target.state !== "done")
    return { impossible: noTarget(wish, facts, target) };
  const archive = archiveWanted(wish, target, facts);
  const { reverting, staying } = migrationsBack(wish, target, facts);
  const draft = {
    kind: wish.kind,
    rollbackOf: of._id,
    target: target._id,
    passedOver,
    image: { before: serving.image, after: imageAfter(wish, serving, target) },
    reverting,
    staying,
    archive,
    schema: {
      before: facts.applied.at(-1)?.version ?? null,
      after: archive ? (schemaIn(archive, facts) ?? null) : schemaAfter(facts.applied, reverting),
    },
    loss: archive ? (facts.writesSince[archive.id] ?? ("unknown" as const)) : 0,
    expectedMs: expectedDuration(facts, archive, reverting.length),
  };
  return { ...draft, obstacles: obstaclesOf(draft, wish, target, facts) };
}

function imageAfter({ kind }: RollbackWish, serving: Release, target: Release): Image {
  return kind === "app" || kind === "full" ? target.image : serving.image;
}

function archiveWanted(wish: RollbackWish, target: Release, facts: RollbackFacts): KnownArchive | null {
  const { kind, backup, to } = wish;
  if (kind !== "database" && (kind !== "full" || backup === undefined)) return null;
  if (backup !== undefined && backup !== "latest") {
    return facts.archives.find(({ id }) => id === backup) ?? null;
  }
  const found = kind === "database" && to === undefined ? newestArchive(facts) : archiveOf(target, facts);
  return found ?? null;
}

/** Newest first; with data none, for they return with it. An expand migration without a way back may stay. */
function migrationsBack(
  wish: RollbackWish,
  target: Release,
  { applied }: RollbackFacts,
): { reverting: AppliedMigration[]; staying: AppliedMigration[] } {
  const { kind, steps = 1, to, backup, keepingUpTo } = wish;
  const newest = [...applied].reverse();
  if (kind === "migration" && to === undefined) return { reverting: newest.slice(0, steps), staying: [] };
  if (kind !== "migration" && (kind !== "full" || backup !== undefined))
    return { reverting: [], staying: [] };
  const floor = [target.schema.after ?? "", keepingUpTo ?? ""].sort()[1] ?? "";
  const later = newest.filter(({ version }) => version > floor);
  const stays = ({ phase, oneWay }: AppliedMigration) =>
    kind === "full" && phase === "expand" && oneWay !== undefined;
  return { reverting: later.filter((one) => !stays(one)), staying: later.filter(stays) };
}

function schemaAfter(applied: AppliedMigration[], reverting: AppliedMigration[]): string | null {
  return applied.findLast((one) => !reverting.includes(one))?.version ?? null;
}
