import type { ClientSession } from "mongodb";
import { MigrationMisuseError, TransactionRefusedError } from "./errors";
import { isReserved } from "./reserved";

/** A write that a migration asks for, before it goes out. */
export interface Write {
  collection: string;
  method: string;
  /** As the driver's method takes them; a hook may put others in their place. */
  args: unknown[];
}

/** What each command of a migration goes through. */
export interface Guard {
  /** Throws when the run must stop. */
  check(): void;
  /** Joined by every command, so that none can be forgotten. */
  session: ClientSession | undefined;
  comment: string;
  /** Hears of each write before the server does; what it returns hears of the answer. */
  beforeWrite(write: Write): Promise<((answer: unknown) => Promise<void>) | undefined>;
  state: GuardState;
}

/** What came of the commands so far; one for all guards of a migration. */
export interface GuardState {
  /** How many commands have not been answered yet. */
  running: number;
  /** What was refused first: it fails the migration even where that caught the error. */
  refused: MigrationMisuseError | undefined;
}

/** Refuses a call, and remembers it. */
export function refuse(guard: Guard, error: MigrationMisuseError): never {
  guard.state.refused ??= error;
  throw error;
}

/** A method that neither a transaction's migration nor any other may call. */
export function refuseMethod(guard: Guard, name: string): never {
  return refuse(
    guard,
    guard.session
      ? new TransactionRefusedError(name)
      : new MigrationMisuseError(
          `\`${name}\` is not for migrations`,
          "Use the methods of collections, `command`, and the context's helpers.",
        ),
  );
}

/** What the engine keeps beside the app's collections is no migration's to touch. */
export function refuseReserved(guard: Guard, collection: unknown): void {
  if (!isReserved(collection)) return;
  refuse(
    guard,
    new MigrationMisuseError(
      `it reaches for the collection ${String(collection)}`,
      "The journal is the engine's own: leave it out of the migration.",
    ),
  );
}

/** Counts a command as running until its answer is there. */
export function tracked<T>(guard: Guard, result: Promise<T>): Promise<T> {
  guard.state.running++;
  const answer = result.finally(() => guard.state.running--);
  // Whoever awaits it gets the failure; one that nobody awaits must not end the process before it is told of.
  answer.catch(() => undefined);
  return answer;
}
