import type { Release } from "./release";
import type { AppliedMigration, RollbackFacts, RollbackWish } from "./rollback-facts";
import { goodBefore, servingRelease, targetOf } from "./rollback-target";

/** A good release that is not gone back to, and the migrations that took away what its code needs. */
export interface PassedOver {
  release: number;
  takenAway: string[];
}

/** The release that a rollback goes to; the image alone goes to the newest whose code lives with the schema of today. */
export function aimOf(
  wish: RollbackWish,
  facts: RollbackFacts,
): { target: Release | undefined; passedOver: PassedOver[] } {
  const [first, serving] = [targetOf(wish, facts), servingRelease(facts)];
  const asFirst = { target: first, passedOver: [] };
  if (wish.kind !== "app" || wish.to !== undefined || !first || !serving) return asFirst;
  const inTurn = [first, ...goodBefore(serving, facts).filter((one) => one !== first)];
  const looked = inTurn.map((release) => ({ release, taken: takenAwayFrom(release, facts) }));
  const fitting = looked.findIndex(({ taken }) => taken.length === 0);
  if (fitting <= 0) return asFirst;
  const passedOver = looked
    .slice(0, fitting)
    .map(({ release, taken }) => ({ release: release._id, takenAway: taken.map(({ version }) => version) }));
  return { target: looked[fitting]?.release, passedOver };
}

/**
 * The migrations that a release's code cannot live with: old code lives with what an expand migration added, not with
 * what a contract migration took away.
 */
export function takenAwayFrom(release: Release, { applied }: RollbackFacts): AppliedMigration[] {
  const newest = applied.at(-1)?.version ?? "";
  const declared = release.livesWith?.max;
  if (declared && newest <= declared) return [];
  return applied.filter(
    ({ version, phase }) => phase === "contract" && version > (release.schema.after ?? ""),
  );
}
