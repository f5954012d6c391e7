import {
  Aborted,
  type FailedCall,
  type FlyError,
  FlyNotAllowed,
  FlyNotFound,
  FlyRefused,
  HostUnreachable,
  LeaseBusy,
  LeaseLost,
  NameTaken,
  NoCapacity,
  PreconditionFailed,
  RateLimited,
  VersionStale,
  WaitExpired,
} from "./errors";

/** An answer other than success, and what the caller had said. */
export interface Refusal {
  call: FailedCall;
  status: number;
  /** The `status` that newer errors carry: "insufficient_capacity", "name_taken". */
  word: string | undefined;
  /** The caller showed the nonce of a lease. */
  leased: boolean;
  /** The caller named the version that it changes. */
  fenced: boolean;
}

interface Situation {
  applies(refusal: Refusal): boolean;
  error(refusal: Refusal): FlyError;
}

// Most situations have no code in the API, only a text: all of the texts that we go by stand here.
const noRoom = /could not reserve resource|insufficient resources|insufficient_capacity|no capacity/i;
const hostGone = /host .*(unreachable|temporarily disabled|unavailable)|could not reach host/i;
const leaseTexts = /lease currently held|lease not found|lease .*(expired|nonce)|nonce .*lease/i;
const notThere = /could not find app|(machine|volume|secret|app|certificate) not found/i;

const situations: Situation[] = [
  {
    applies: ({ status }) => status === 401 || status === 403,
    error: ({ call }) => new FlyNotAllowed(call),
  },
  { applies: ({ status }) => status === 429, error: ({ call }) => new RateLimited(call) },
  {
    applies: ({ call, word }) => word?.includes("capacity") === true || noRoom.test(call.said),
    error: ({ call }) => new NoCapacity(call),
  },
  { applies: ({ call }) => hostGone.test(call.said), error: ({ call }) => new HostUnreachable(call) },
  {
    applies: ({ word, call }) => word === "name_taken" || /name .*(already )?taken/i.test(call.said),
    error: ({ call }) => new NameTaken(call),
  },
  {
    applies: ({ call, status, leased }) => leaseTexts.test(call.said) && (status !== 404 || leased),
    error: leaseError,
  },
  {
    applies: ({ call }) => /^aborted\b|concurrent update/i.test(call.said),
    error: ({ call }) => new Aborted(call),
  },
  {
    applies: ({ call }) => /^deadline_exceeded\b/.test(call.said),
    error: ({ call }) => new WaitExpired(call),
  },
  {
    applies: ({ call, status }) => status === 412 || /^failed_precondition\b/.test(call.said),
    error: ({ call }) => new PreconditionFailed(call),
  },
  { applies: ({ status, fenced }) => status === 409 && fenced, error: ({ call }) => new VersionStale(call) },
  {
    applies: ({ call, status }) => status === 404 || (status === 400 && notThere.test(call.said)),
    error: ({ call }) => new FlyNotFound(call),
  },
];

/** The error for an answer: what the caller can decide by. */
export function situationOf(refusal: Refusal): FlyError {
  const found = situations.find((one) => one.applies(refusal));
  return found ? found.error(refusal) : new FlyRefused(refusal.call);
}

function leaseError({ call, leased }: Refusal): FlyError {
  if (leased) return new LeaseLost(call);
  const holder = /held by ([^\s,]+)/.exec(call.said)?.[1];
  const until = /expires at ([^\s,]+)/.exec(call.said)?.[1];
  const expiresAt = until === undefined ? undefined : new Date(until);
  return new LeaseBusy(call, holder, expiresAt && !Number.isNaN(expiresAt.getTime()) ? expiresAt : undefined);
}
