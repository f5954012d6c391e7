import type { Terminal } from "../terminal";
import type { ActionName, MigrateOptions } from "./options";

export { folderOf } from "./place";
export { requireFitting, type ActionName, type MigrateOptions } from "./options";

type Action = (options: MigrateOptions, terminal: Terminal) => Promise<number>;

const look = () => require("./look") as typeof import("./look");
const run = () => require("./run") as typeof import("./run");
const mend = () => require("./mend") as typeof import("./mend");
const make = () => require("./new") as typeof import("./new");

/** What each word after `dnd migrate` does; its module alone is loaded. */
export const actions: Record<ActionName, Action> = {
  status: (options, terminal) => look().status(options, terminal),
  validate: (options, terminal) => look().validate(options, terminal),
  plan: (options, terminal) => look().plan(options, terminal),
  up: (options, terminal) => run().up(options, terminal),
  down: (options, terminal) => run().down(options, terminal),
  to: (options, terminal) => run().to(options, terminal),
  new: (options, terminal) => make().makeNew(options, terminal),
  repair: (options, terminal) => mend().repair(options, terminal),
  adopt: (options, terminal) => mend().adopt(options, terminal),
  unlock: (options, terminal) => mend().unlock(options, terminal),
};
