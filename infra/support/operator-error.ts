/** What the operator should conclude from a failure; each kind has one exit code of the command line. */
export type ErrorKind = "failed" | "usage" | "refused" | "locked" | "interrupted";

const exitCodes: Record<ErrorKind, number> = { failed: 1, usage: 2, refused: 3, locked: 4, interrupted: 130 };

export interface ErrorDetails {
  /** Stable name, e.g. "mongod-port-taken": tests and tools recognise an error by it, never by its text. */
  code: string;
  /** Subject, what was found, what was expected. */
  message: string;
  /** The next step for the person who reads this. */
  remedy: string;
  /** Defaults to "failed". */
  kind?: ErrorKind;
  cause?: unknown;
}

/** A failure that its reader can mend. Anything else that is thrown is a bug of ours. */
export class OperatorError extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly kind: ErrorKind;

  constructor(details: ErrorDetails) {
    super(
      `${details.message}\n  ${details.remedy}`,
      details.cause === undefined ? {} : { cause: details.cause },
    );
    this.name = new.target.name;
    this.code = details.code;
    this.remedy = details.remedy;
    this.kind = details.kind ?? "failed";
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
