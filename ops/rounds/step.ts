import type { Db } from "mongodb";
import type { Finding } from "../../infra/engines/rounds";
import type { DatabaseOptions } from "../named-database";
import type { Terminal } from "../terminal";

/** What a step of a round may use. */
export interface RoundContext {
  options: DatabaseOptions & { store?: string[] };
  /** The stack of the round, and those that it looks at beside it. */
  stacks: readonly string[];
  /** Where things are tried: staging of production, else the stack itself. */
  trial: string;
  /** The options that name the database and the store, where a stack does not. */
  named: readonly string[];
  folder: string;
  /** The name of the report's files, without an ending. */
  file: string;
  terminal: Terminal;
  signal: AbortSignal;
  /** The database of operations of the round's stack; throws where it cannot be reached. */
  withOps<T>(work: (ops: Db, app: Db) => Promise<T>): Promise<T>;
}

/** One thing that a round looks at. */
export interface RoundStep {
  name: string;
  title: string;
  look(context: RoundContext): Promise<Finding[]>;
}
