import { OperatorError } from "../../support";
import type { Quarantined } from "./quarantine";
import type { RestoreOnce } from "./rollback-key";
import type { RollbackOrder } from "./rollback-order";
import type { Image, Release } from "./release";

/** Somebody else took the number first. */
export class ReleaseTakenError extends OperatorError {
  constructor(number: number, holder: Release | null) {
    const who = holder
      ? `${holder.by} on ${holder.host} since ${holder.startedAt.toISOString()}`
      : "somebody else";
    super({
      code: "release-taken",
      kind: "locked",
      message: `release ${number} is being made by ${who}`,
      remedy: "Wait until it ends (`dnd history`), then run `dnd up` again.",
    });
  }
}

/** The state of the stack knows of a release that its journal has lost. */
export class JournalBehindError extends OperatorError {
  constructor(number: number) {
    super({
      code: "journal-behind",
      kind: "refused",
      message: `the journal of releases had lost release ${number}, which the state of this stack knows`,
      remedy:
        "It is written down again and nothing else was changed: run the same command again, and it goes on under the next number.",
    });
  }
}

/** The journal was written by a later edition of this system. */
export class NewerJournalError extends OperatorError {
  constructor(number: unknown, version: unknown) {
    super({
      code: "journal-newer",
      kind: "refused",
      message: `release ${String(number)} is recorded in document version ${String(version)}, this checkout reads version 1`,
      remedy: "Use the checkout that made that release, or a later one.",
    });
  }
}

/** The image that is wanted was found to be bad, and nobody has let it out since. */
export class QuarantinedImageError extends OperatorError {
  constructor(image: Image, serving: Image | null, { _id, release, reason, by, at }: Quarantined) {
    const stays = serving ? `; version ${serving.version} runs on` : "";
    super({
      code: "image-quarantined",
      kind: "refused",
      message: `the image ${image.name} ${image.version} (${image.digest}) is in quarantine since ${at.toISOString()} by ${by}: release ${release}, ${firstLine(reason)}${stays}`,
      remedy: `Deploy another version; or, when this one is known to be good: \`dnd rollback release-image ${_id}\`.`,
    });
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? text;
}

/** A rollback needs a database that answers. */
export class NothingToReturnFromError extends OperatorError {
  constructor(state: "new" | "down") {
    super({
      code: "rollback-no-database",
      kind: "refused",
      message: `there is nothing to go back from: the database is ${state === "new" ? "not made yet" : "down"}`,
      remedy:
        state === "new" ? "`dnd up` makes it." : "`dnd up` brings it back; then run the same command again.",
    });
  }
}

/** Between the plan of a rollback and its beginning somebody else has made a release, or ended one. */
export class OrderOutdatedError extends OperatorError {
  constructor({ plannedOn, target }: RollbackOrder, newest: Release) {
    super({
      code: "rollback-outdated",
      kind: "refused",
      message: `this rollback to release ${target} was planned when release ${plannedOn.release} (${plannedOn.state}) was the newest; now it is release ${newest._id} (${newest.state})`,
      remedy: `Nothing was changed. \`dnd rollback full --to ${target} --dry-run\` plans anew.`,
    });
  }
}

/** Somebody has written since the rollback was confirmed: that loss nobody has agreed to. */
export class MoreWouldBeLostError extends OperatorError {
  constructor(archive: string, accepted: number, writes: number | undefined) {
    const found = writes === undefined ? "an unknown number of" : String(writes);
    super({
      code: "restore-loses-more",
      kind: "refused",
      message: `${found} writes were made since the archive ${archive}, ${accepted} were agreed to be lost`,
      remedy: `The data stays as it is. \`dnd rollback database --backup ${archive}\` shows what would be lost now, and asks.`,
    });
  }
}

/** A restore is done once: whatever runs it again would throw away what was written since. */
export class RestoreRepeatedError extends OperatorError {
  constructor({ archive, release, by, host, usedAt }: RestoreOnce) {
    super({
      code: "restore-repeated",
      kind: "refused",
      message: `this restore of ${archive} was begun already, by ${by} on ${host} at ${usedAt.toISOString()} in release ${release}`,
      remedy: `\`dnd rollback database --backup ${archive}\` restores it anew, after it has shown what would be lost.`,
    });
  }
}

/** An override was written by an edition that knows more than this one. */
export class NewerOverrideError extends OperatorError {
  constructor(version: number) {
    super({
      code: "override-newer",
      kind: "refused",
      message: `the override of the machines is of version ${version}, this edition reads version 1`,
      remedy: "Use the edition that wrote it, or a later one.",
    });
  }
}

/** Nothing was ever released: there is nothing of which there could be more or fewer. */
export class NothingToScaleError extends OperatorError {
  constructor() {
    super({
      code: "nothing-to-scale",
      kind: "refused",
      message: "no release has ended well yet: there are no machines to scale",
      remedy: "`dnd up` makes the first release.",
    });
  }
}
