import type { Release } from "./release";
import type { KnownArchive, RollbackFacts } from "./rollback-facts";

/** How long the steps of a rollback will take, going by the same steps of earlier releases; null where none are known. */
export function expectedDuration(
  { releases }: RollbackFacts,
  archive: KnownArchive | null,
  migrations: number,
): number | null {
  const deployment = newestStep(releases.filter(changedImage), /machines$/);
  if (deployment === null) return null;
  const backup = newestStep(releases, /^backup$/) ?? 0;
  const verification = newestStep(releases, /^verification$/) ?? 0;
  const migrating = migrations > 0 ? (newestStep(releases, /-migrations$/) ?? 0) : 0;
  return backup + deployment + verification + migrating + (archive ? restoring(releases, archive) : 0);
}

/** Written twice as slowly as it was read: that is how restores go, and no promise. */
function restoring(releases: Release[], archive: KnownArchive): number {
  const like = releases.find((one) => one.archive && one.archive.bytes > 0);
  const took = like && newestStep([like], /^backup$/);
  if (!like?.archive || !took) return 0;
  return 2 * took * Math.max(1, archive.bytes / like.archive.bytes);
}

/** Where the image stayed nothing was deployed, and the time of the step says nothing. */
export function changedImage({ image }: Release, index: number, newestFirst: readonly Release[]): boolean {
  return image.digest !== newestFirst[index + 1]?.image.digest;
}

function newestStep(releases: Release[], name: RegExp): number | null {
  for (const { steps } of releases) {
    const found = steps.findLast((step) => step.outcome === "done" && name.test(step.name));
    if (found) return found.durationMs;
  }
  return null;
}
