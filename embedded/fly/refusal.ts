/** An answer other than success. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: Record<string, unknown>,
    readonly headers: Record<string, string> = {},
  ) {
    super(`${status} ${JSON.stringify(body)}`);
  }
}

/** The statuses that nobody outside of Fly has confirmed: a stand-in can be told others. */
export interface DisputedStatuses {
  aborted: number;
  failedPrecondition: number;
  /** 400 on the live API for an app that was destroyed, by some reports. */
  appNotFound: number;
}

export const usualStatuses: DisputedStatuses = { aborted: 409, failedPrecondition: 412, appNotFound: 404 };

/** From the service of the machines, which says `error`. */
export function refuse(status: number, error: string, more: Record<string, unknown> = {}): Refusal {
  return new Refusal(status, { error, ...more });
}

/** From the services of apps, addresses and certificates, which say `message`. */
export function refusePlainly(status: number, message: string): Refusal {
  return new Refusal(status, { message });
}

export function invalid(what: string): Refusal {
  return refuse(400, `invalid_argument: ${what}`);
}

export function noMachine(): Refusal {
  return refuse(404, "machine not found");
}
