import {
  AtlasCallerRefused,
  AtlasCredentialsWrong,
  type AtlasError,
  AtlasNotFound,
  AtlasRefused,
  AtlasRightMissing,
  type FailedCall,
  RateLimited,
  TierWithoutSnapshots,
} from "./errors";

/** An answer other than success, and what the call had needed. */
export interface Refusal {
  call: FailedCall;
  /** The least role that may do it. */
  right: string;
}

interface Situation {
  applies(call: FailedCall): boolean;
  error(refusal: Refusal): AtlasError;
}

// Atlas answers a good key that is no member of the project with 401 too: only its word tells the two apart.
const lacksRight = /^(USER_UNAUTHORIZED|NOT_IN_GROUP|NOT_IN_ORG|USER_CANNOT_\w+|\w*_ROLE_REQUIRED)$/;
const sharedTier = /^CANNOT_USE_(FLEX|SERVERLESS)\w*_IN_CLUSTER_API$|^TENANT_CLUSTER_/;

const situations: Situation[] = [
  { applies: ({ status }) => status === 429, error: ({ call }) => new RateLimited(call) },
  {
    applies: ({ word = "" }) => word === "IP_ADDRESS_NOT_ON_ACCESS_LIST",
    error: ({ call }) => new AtlasCallerRefused(call),
  },
  {
    applies: ({ status, word = "" }) => status === 403 || (status === 401 && lacksRight.test(word)),
    error: ({ call, right }) => new AtlasRightMissing(call, right),
  },
  { applies: ({ status }) => status === 401, error: ({ call }) => new AtlasCredentialsWrong(call) },
  { applies: ({ word = "" }) => sharedTier.test(word), error: ({ call }) => new TierWithoutSnapshots(call) },
  { applies: ({ status }) => status === 404, error: ({ call }) => new AtlasNotFound(call) },
];

/** The error for an answer: what the caller can decide by. */
export function situationOf(refusal: Refusal): AtlasError {
  const found = situations.find((one) => one.applies(refusal.call));
  return found ? found.error(refusal) : new AtlasRefused(refusal.call);
}
