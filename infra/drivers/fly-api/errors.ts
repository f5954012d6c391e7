import { OperatorError, type ErrorKind } from "../../support";

/** What is known of a call that did not go well. */
export interface FailedCall {
  /** As it reads after "Fly did not": "create a machine of app web". */
  doing: string;
  /** Undefined when no answer came. */
  status?: number | undefined;
  /** Fly's own words. */
  said: string;
  requestId?: string | undefined;
  cause?: unknown;
}

/** A call of the Machines API that did not do what it was asked to. */
export class FlyError extends OperatorError {
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly said: string;

  constructor(call: FailedCall, code: string, remedy: string, kind?: ErrorKind) {
    const status = call.status === undefined ? "" : ` (${call.status})`;
    const id = call.requestId ? `, request ${call.requestId}` : "";
    super({
      code,
      message: `Fly did not ${call.doing}: ${call.said}${status}${id}`,
      remedy,
      ...(kind ? { kind } : {}),
      cause: call.cause,
    });
    this.status = call.status;
    this.requestId = call.requestId;
    this.said = call.said;
  }
}

/** Fly understood and refused; the same call will be refused again. */
export class FlyRefused extends FlyError {
  constructor(call: FailedCall) {
    super(call, "fly-refused", "Mend what Fly names, then run the command again.");
  }
}

export class FlyNotFound extends FlyError {
  constructor(call: FailedCall) {
    super(call, "fly-not-found", "Somebody may have removed it: `dnd refresh` shows what is there.");
  }
}

export class FlyNotAllowed extends FlyError {
  constructor(call: FailedCall) {
    super(
      call,
      "fly-not-allowed",
      "Set FLY_API_TOKEN to a token of the right organization that has not expired.",
      "usage",
    );
  }
}

export class NameTaken extends FlyError {
  constructor(call: FailedCall) {
    super(call, "fly-name-taken", "Choose another name, or import the app if it is yours.", "usage");
  }
}

/** Somebody else holds the lease of the machine. */
export class LeaseBusy extends FlyError {
  /** As far as Fly tells. */
  readonly holder: string | undefined;
  readonly expiresAt: Date | undefined;

  constructor(call: FailedCall, holder?: string, expiresAt?: Date) {
    super(
      call,
      "fly-lease-busy",
      "Another deployment is under way: wait for its end, or for its lease's.",
      "locked",
    );
    this.holder = holder;
    this.expiresAt = expiresAt;
  }
}

/** The lease that the caller held has ended, or has become another's: nothing more may be written. */
export class LeaseLost extends FlyError {
  constructor(call: FailedCall) {
    super(
      call,
      "fly-lease-lost",
      "Look what runs now with `dnd status`, then run the command again.",
      "locked",
    );
  }
}

/** The machine has another version than the one that the change was made for; nothing changed. */
export class VersionStale extends FlyError {
  constructor(call: FailedCall) {
    super(call, "fly-version-stale", "Somebody changed the machine meanwhile: run the command again.");
  }
}

/** The machine is busy with another change; nothing changed. */
export class Aborted extends FlyError {
  constructor(call: FailedCall) {
    super(call, "fly-aborted", "Another change of the machine is under way: run the command again after it.");
  }
}

/** The machine is not in a state in which this can be done. */
export class PreconditionFailed extends FlyError {
  constructor(call: FailedCall) {
    super(
      call,
      "fly-precondition",
      "Look at the machine's state with `dnd status`, then run the command again.",
    );
  }
}

/** No room for the machine or the volume in its region or on its host. */
export class NoCapacity extends FlyError {
  constructor(call: FailedCall) {
    super(call, "fly-no-capacity", "Choose another region or a smaller machine, or try again later.");
  }
}

/** The host of the machine does not answer: its machines can be seen and not be changed. */
export class HostUnreachable extends FlyError {
  constructor(call: FailedCall) {
    super(call, "fly-host-unreachable", "Wait for the host, or replace the machine by one elsewhere.");
  }
}

/** The machine did not come into the state in the time that was given; it still may. */
export class WaitExpired extends FlyError {
  constructor(call: FailedCall) {
    super(
      call,
      "fly-wait-expired",
      "Look at the machine's events with `dnd status`, then run the command again.",
    );
  }
}

export class RateLimited extends FlyError {
  constructor(call: FailedCall) {
    super(
      call,
      "fly-rate-limited",
      "Other programs use up the limit: wait a minute, then run the command again.",
    );
  }
}

/** Fly may have done it or not: only looking tells. The call must not simply be repeated. */
export class UnknownOutcome extends FlyError {
  constructor(call: FailedCall) {
    super(
      call,
      "fly-unknown-outcome",
      "It may have happened all the same: run the command again, it looks first.",
    );
  }
}

/** Fly cannot be reached or is not well; nothing was changed by this call. */
export class FlyUnavailable extends FlyError {
  constructor(call: FailedCall) {
    super(call, "fly-unavailable", "Look at status.flyio.net, then run the command again.");
  }
}

/** The answer is not of the form that we know. */
export class UnexpectedAnswer extends FlyError {
  constructor(call: FailedCall) {
    super(
      call,
      "fly-unexpected-answer",
      "Fly may have changed its API: look for a newer version of this project.",
    );
  }
}
