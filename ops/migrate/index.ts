import type { Terminal } from "../terminal";
import { plan, status, validate } from "./look";
import { adopt, repair, unlock } from "./mend";
import { makeNew } from "./new";
import type { MigrateOptions } from "./options";
import { down, to, up } from "./run";

export { actionNames, requireFitting, type MigrateOptions } from "./options";

/** What each word after `dnd migrate` does. */
export const actions: Record<
  MigrateOptions["action"],
  (options: MigrateOptions, terminal: Terminal) => Promise<number>
> = { status, validate, plan, up, down, to, new: makeNew, repair, adopt, unlock };
