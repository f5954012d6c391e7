/** What became of a message that was handed to somebody else's service; results are data, a sender never throws. A `receipt` is what the service calls what it took, be it a part. */
export type SendOutcome =
  /** It was taken. */
  | { kind: "delivered"; detail: string; receipt?: Record<string, string> }
  /** It will never be taken as it is: a wrong key, a channel that is gone. */
  | { kind: "refused"; detail: string }
  /** It was certainly not taken, and may be tried again. */
  | { kind: "later"; detail: string; afterMs?: number; receipt?: Record<string, string> }
  /** It may have been taken: whoever tries again says so. */
  | { kind: "unknown"; detail: string; afterMs?: number; receipt?: Record<string, string> };

/** A document on its way to a web hook. */
export interface HookRequest {
  /** May itself be a secret: it never stands in an outcome. */
  url: string;
  body: unknown;
  headers?: Record<string, string>;
  deadlineMs: number;
  signal?: AbortSignal | undefined;
}

/** An outcome, and what the service said where it took the document. */
export interface HookAnswer {
  outcome: SendOutcome;
  body: unknown;
}
