import type { Release } from "./release";
import type { KnownArchive, RollbackFacts, RollbackWish } from "./rollback-facts";

/** A rollback that was cut off, or failed: asked again it goes on to where it went. */
function unfinishedRollback({ releases }: RollbackFacts): Release | undefined {
  const [newest] = releases;
  return newest && newest.state !== "done" && (newest.kind ?? "forward") !== "forward" ? newest : undefined;
}

/** The release that is taken back: one that failed last, or the one that runs. */
export function takenBack(facts: RollbackFacts): Release | undefined {
  const of = unfinishedRollback(facts)?.rollbackOf;
  return facts.releases.find(({ _id }) => _id === of) ?? facts.releases[0];
}

/** The release that runs: the newest that ended well. */
export function runningRelease({ releases }: Pick<RollbackFacts, "releases">): Release | undefined {
  return releases.find(({ state }) => state === "done");
}

/** The release whose image serves: one that failed after its deployment was good serves all the same. */
export function servingRelease(facts: Pick<RollbackFacts, "releases">): Release | undefined {
  const newest = facts.releases[0];
  const isDeployed = newest?.steps.some(({ name, outcome }) => /machines$/.test(name) && outcome === "done");
  return isDeployed ? newest : runningRelease(facts);
}

/** The release whose state a wish means; undefined where there is none. */
export function targetOf(wish: RollbackWish, facts: RollbackFacts): Release | undefined {
  const { releases } = facts;
  if (wish.to !== undefined) return releases.find(({ _id }) => _id === wish.to);
  const [running, serving] = [runningRelease(facts), servingRelease(facts)];
  if (!running || !serving) return undefined;
  if (wish.kind === "migration" || wish.kind === "database") return running;
  const aim = unfinishedRollback(facts)?.target;
  if (aim !== undefined) return releases.find(({ _id }) => _id === aim);
  // An archive that is named says itself which code its data is of: the one before the release that took it.
  const named = facts.archives.find(({ id }) => id === wish.backup)?.release;
  if (named) return releases.find(({ _id, state }) => state === "done" && _id < named);
  // What a failed release left in the database goes back to where the running one had it.
  if (wish.kind === "full" && releases[0] !== running && wish.backup === undefined) return running;
  return goodBefore(serving, facts)[0];
}

/** Good releases of another image than the one that serves, the newest first. */
export function goodBefore(serving: Release, { releases, quarantine }: RollbackFacts): Release[] {
  return releases.filter(
    ({ _id, state, image }) =>
      state === "done" &&
      _id < serving._id &&
      image.digest !== serving.image.digest &&
      !quarantine.has(image.digest),
  );
}

/** The newest archive that holds the data as the target left it: its successor took it before changing anything. */
export function archiveOf(target: Release, facts: RollbackFacts): KnownArchive | undefined {
  const next = [...facts.releases].reverse().find(({ _id, state }) => _id > target._id && state === "done");
  const after = onTheWayForward(facts).filter(
    ({ release }) => release !== null && release > target._id && release <= (next?._id ?? Infinity),
  );
  const good = after.filter(({ damaged }) => !damaged);
  // Releases that failed took archives too, and a later one of them may hold what an earlier one has migrated.
  return good.find((one) => schemaIn(one, facts) === target.schema.after) ?? good[0] ?? after[0];
}

/** The newest good archive of all, for data that is to come back as late as possible. */
export function newestArchive(facts: RollbackFacts): KnownArchive | undefined {
  const archives = onTheWayForward(facts);
  return archives.find(({ damaged }) => !damaged) ?? archives[0];
}

/** What a rollback takes holds the very state that it goes back from: it returns only to whoever names it. */
function onTheWayForward({ archives, releases }: RollbackFacts): KnownArchive[] {
  const back = new Set(releases.filter(({ kind = "forward" }) => kind !== "forward").map(({ _id }) => _id));
  return archives.filter(({ release }) => release === null || !back.has(release));
}

/** The schema that an archive holds, as the release that took it saw it; undefined where nobody wrote it down. */
export function schemaIn({ release }: KnownArchive, { releases }: RollbackFacts): string | null | undefined {
  return releases.find(({ _id }) => _id === release)?.schema.before;
}
