import type { Terminal } from "../terminal";
import type { RollbackOptions } from "./options";

export { requireFitting, type ActionName, type RollbackOptions } from "./options";

/** Performs what `dnd rollback` was asked for, to its exit code; only what that needs is loaded. */
export function performRollback(options: RollbackOptions, terminal: Terminal): Promise<number> {
  if (options.action === "quarantine") return quarantine().showQuarantine(options, terminal);
  if (options.action === "release-image") return quarantine().letOut(options, terminal);
  return (require("./perform") as typeof import("./perform")).performRollback(options, terminal);
}

const quarantine = () => require("./quarantine") as typeof import("./quarantine");
