import type { Release } from "./release";
import { takenAwayFrom } from "./rollback-aim";
import type { AppliedMigration, KnownArchive, RollbackFacts, RollbackWish } from "./rollback-facts";
import { archiveOf, runningRelease, schemaIn } from "./rollback-target";

/** What cannot be done safely, and the way that is left. */
export interface Obstacle {
  code:
    | "no-release"
    | "unknown-release"
    | "bad-release"
    | "nothing-to-do"
    | "image-gone"
    | "image-quarantined"
    | "schema-ahead"
    | "one-way"
    | "no-archive"
    | "archive-damaged"
    | "archive-other-schema";
  reason: string;
  wayLeft: string;
}

/** The parts of a plan that can stand in its own way. */
interface Draft {
  image: { before: Release["image"]; after: Release["image"] };
  reverting: AppliedMigration[];
  archive: KnownArchive | null;
}

/** Why there is no release to go back to. */
export function noTarget(wish: RollbackWish, facts: RollbackFacts, named: Release | undefined): Obstacle {
  const done = facts.releases.filter(({ state }) => state === "done");
  const list = done.map(({ _id, image }) => `${_id} (${image.version})`).join(", ");
  if (!runningRelease(facts)) {
    const reason = "no release has ended well yet: there is nothing to go back to";
    return { code: "no-release", reason, wayLeft: "Mend what failed, then `dnd up`." };
  }
  if (named) {
    const reason = `release ${named._id} did not end well itself`;
    return { code: "bad-release", reason, wayLeft: `Good ones are ${list}: name one with --to.` };
  }
  if (wish.to !== undefined) {
    const reason = `there is no release ${wish.to}`;
    return { code: "unknown-release", reason, wayLeft: `Good ones are ${list}: name one with --to.` };
  }
  const reason = "no earlier release ran another image than the one that runs and is not in quarantine";
  return {
    code: "no-release",
    reason,
    wayLeft:
      "Deploy a mended version with `dnd up`; the data alone goes back with `dnd rollback database --backup ID`.",
  };
}

/** Everything that cannot be done safely, at once. */
export function obstaclesOf(
  draft: Draft,
  wish: RollbackWish,
  target: Release,
  facts: RollbackFacts,
): Obstacle[] {
  return [
    ...ofImage(draft, target, facts),
    ...(wish.kind === "app" ? ofSchema(target, facts) : []),
    ...(wish.kind === "migration" || wish.kind === "full" ? ofOneWay(draft, target, facts) : []),
    ...ofArchive(draft, wish, target, facts),
    ...ofNothing(draft, wish, facts),
  ];
}

function ofImage({ image }: Draft, target: Release, facts: RollbackFacts): Obstacle[] {
  const { after, before } = image;
  if (after.digest === before.digest) return [];
  if (facts.quarantine.has(after.digest)) {
    const reason = `the image ${after.name} ${after.version} of release ${target._id} is in quarantine`;
    const wayLeft = `Go to another release with --to; or let it out with \`dnd rollback release-image ${after.digest}\`.`;
    return [{ code: "image-quarantined", reason, wayLeft }];
  }
  if (!facts.imagesGone.has(after.digest)) return [];
  const reason = `the image ${after.name} ${after.version} (${after.digest}) of release ${target._id} is gone`;
  const wayLeft = target.commit
    ? `Check out ${target.commit} and \`dnd up\` from there; or go to another release with --to.`
    : "Check out the sources that it was made of and `dnd up` from there; or go to another release with --to.";
  return [{ code: "image-gone", reason, wayLeft }];
}

function ofSchema(target: Release, facts: RollbackFacts): Obstacle[] {
  const taken = takenAwayFrom(target, facts);
  if (taken.length === 0) return [];
  const reason = `release ${target._id} cannot live with the schema of today: ${named(taken)} took away what it needs`;
  const wayLeft = `\`dnd rollback full --to ${target._id}\` takes the schema back with it.`;
  return [{ code: "schema-ahead", reason, wayLeft }];
}

function ofOneWay({ reverting }: Draft, target: Release, facts: RollbackFacts): Obstacle[] {
  const stuck = reverting.filter(({ oneWay }) => oneWay !== undefined);
  if (stuck.length === 0) return [];
  const why = stuck.map(({ version, oneWay }) => `${version}: ${oneWay}`).join("; ");
  const archive = archiveOf(target, facts);
  const wayLeft =
    archive && !archive.damaged
      ? `Only an archive brings it back, and with it the data of ${archive.takenAt}: \`dnd rollback full --to ${target._id} --backup ${archive.id}\`.`
      : "No good archive goes back before it: write a migration that mends it, and go forward.";
  return [{ code: "one-way", reason: `there is no way back from ${why}`, wayLeft }];
}

function ofArchive(
  { archive }: Draft,
  wish: RollbackWish,
  target: Release,
  facts: RollbackFacts,
): Obstacle[] {
  if (wish.kind !== "database" && (wish.kind !== "full" || wish.backup === undefined)) return [];
  if (!archive) {
    const what =
      wish.backup === undefined || wish.backup === "latest"
        ? `no archive holds the data as release ${target._id} left it`
        : `there is no archive ${wish.backup}`;
    return [
      {
        code: "no-archive",
        reason: what,
        wayLeft: "`dnd backup list` shows those that there are: name one with --backup.",
      },
    ];
  }
  if (archive.damaged) {
    const good = facts.archives.find(({ damaged }) => !damaged);
    const wayLeft = good
      ? `The newest good one is ${good.id} of ${good.takenAt}: name it with --backup.`
      : "There is no good one: go back without data, or forward.";
    return [{ code: "archive-damaged", reason: `the archive ${archive.id} is damaged`, wayLeft }];
  }
  return ofOtherSchema(archive, wish, target, facts);
}

/** Data and code have to fit: an archive returns with the schema that it was taken of. */
function ofOtherSchema(
  archive: KnownArchive,
  wish: RollbackWish,
  target: Release,
  facts: RollbackFacts,
): Obstacle[] {
  const held = schemaIn(archive, facts);
  if (held === undefined) return [];
  const code = wish.kind === "full" ? target : (runningRelease(facts) ?? target);
  if (held === code.schema.after) return [];
  const fitting = facts.releases.find(({ state, schema }) => state === "done" && schema.after === held);
  const reason = `the archive ${archive.id} holds schema ${held ?? "none"}, release ${code._id} needs ${code.schema.after ?? "none"}`;
  const wayLeft = fitting
    ? `\`dnd rollback full --to ${fitting._id} --backup ${archive.id}\` brings back the code that fits.`
    : "Name another archive with --backup.";
  return [{ code: "archive-other-schema", reason, wayLeft }];
}

function ofNothing(
  { image, reverting, archive }: Draft,
  wish: RollbackWish,
  facts: RollbackFacts,
): Obstacle[] {
  const data = wish.kind === "database" || (wish.kind === "full" && wish.backup !== undefined);
  if (data || archive || reverting.length > 0 || image.before.digest !== image.after.digest) return [];
  // A release that was cut off left the journal open: going back once more closes it.
  if (facts.releases[0]?.state !== "done") return [];
  const reason =
    wish.kind === "migration" ? "no migration is applied that could go back" : "that is what runs now";
  return [{ code: "nothing-to-do", reason, wayLeft: "`dnd release list` shows what there was." }];
}

function named(migrations: AppliedMigration[]): string {
  return migrations.map(({ version, description }) => `${version} (${description})`).join(", ");
}
