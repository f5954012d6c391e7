import { OperatorError, type ErrorKind } from "../../support";

/** What is known of a call that did not go well. */
export interface FailedCall {
  /** As it reads after "Atlas did not": "start a snapshot of cluster dnd". */
  doing: string;
  /** Undefined when no answer came. */
  status?: number | undefined;
  /** Atlas' own name of what is wrong. */
  word?: string | undefined;
  /** Atlas' own words. */
  said: string;
  cause?: unknown;
}

/** A call of the Administration API that did not do what it was asked to. */
export class AtlasError extends OperatorError {
  readonly status: number | undefined;
  /** Atlas' own name of what is wrong, where it gave one. */
  readonly word: string | undefined;

  constructor(call: FailedCall, code: string, remedy: string, kind?: ErrorKind) {
    const known = [call.status, call.word].filter((part) => part !== undefined).join(" ");
    super({
      code,
      message: `Atlas did not ${call.doing}: ${call.said}${known ? ` (${known})` : ""}`,
      remedy,
      ...(kind ? { kind } : {}),
      cause: call.cause,
    });
    this.status = call.status;
    this.word = call.word;
  }
}

/** Atlas understood and refused; the same call will be refused again. */
export class AtlasRefused extends AtlasError {
  constructor(call: FailedCall) {
    super(call, "atlas-refused", "Mend what Atlas names, then run the command again.");
  }
}

export class AtlasCredentialsWrong extends AtlasError {
  constructor(call: FailedCall) {
    super(
      call,
      "atlas-credentials-wrong",
      "Set MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET of a service account, or MONGODB_ATLAS_PUBLIC_KEY and MONGODB_ATLAS_PRIVATE_KEY, to ones that have not expired.",
      "usage",
    );
  }
}

/** The credentials are good and lack a right. */
export class AtlasRightMissing extends AtlasError {
  readonly right: string;

  constructor(call: FailedCall, right: string) {
    super(
      call,
      "atlas-right-missing",
      `Give the API key or service account the role ${right}, in Atlas under Project Access or Organization Access.`,
      "usage",
    );
    this.right = right;
  }
}

/** The key is bound to a list of addresses of its own and this machine's is not on it. */
export class AtlasCallerRefused extends AtlasError {
  constructor(call: FailedCall) {
    super(
      call,
      "atlas-caller-refused",
      "Add this machine's address to the API access list of the key (Organization Access, not the project's network access), or use a key without such a list.",
      "usage",
    );
  }
}

export class AtlasNotFound extends AtlasError {
  constructor(call: FailedCall) {
    super(call, "atlas-not-found", "Compare the names in the stack's settings with those that Atlas shows.");
  }
}

/** Clusters of this tier, or with backups turned off, have no snapshots on demand. */
export class TierWithoutSnapshots extends AtlasError {
  constructor(call: FailedCall) {
    super(
      call,
      "atlas-tier-without-snapshots",
      "Snapshots need a cluster of tier M10 or larger with cloud backup turned on.",
      "refused",
    );
  }
}

export class RateLimited extends AtlasError {
  constructor(call: FailedCall) {
    super(
      call,
      "atlas-rate-limited",
      "Other programs use up the project's limit: wait a minute, then run the command again.",
    );
  }
}

/** Atlas may have done it or not: only looking tells. The call must not simply be repeated. */
export class UnknownOutcome extends AtlasError {
  constructor(call: FailedCall) {
    super(
      call,
      "atlas-unknown-outcome",
      "It may have happened all the same: look in Atlas before doing it again.",
    );
  }
}

/** Atlas cannot be reached or is not well; nothing was changed by this call. */
export class AtlasUnavailable extends AtlasError {
  constructor(call: FailedCall) {
    super(call, "atlas-unavailable", "Look at status.mongodb.com, then run the command again.");
  }
}

/** The answer is not of the form that we know. */
export class UnexpectedAnswer extends AtlasError {
  constructor(call: FailedCall) {
    super(
      call,
      "atlas-unexpected-answer",
      "Atlas may have changed its API: look for a newer version of this project.",
    );
  }
}
