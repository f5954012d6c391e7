import type { Terminal } from "../terminal";

/** What every part of a cleanup is given. */
export interface CleanupContext {
  stack: string;
  /** The options that name a database and a store, where a stack does not. */
  named: readonly string[];
  /** Where the reports of rounds lie. */
  reports: string;
  now: Date;
  terminal: Terminal;
}
