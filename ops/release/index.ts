import type { Terminal } from "../terminal";
import type { ActionName, ReleaseOptions } from "./options";

export { requireFitting, type ActionName, type ReleaseOptions } from "./options";

type Action = (options: ReleaseOptions, terminal: Terminal) => Promise<number>;

const sign = () => require("./approve") as typeof import("./approve");
const look = () => require("./look") as typeof import("./look");

/** What each word after `dnd release` does; its module alone is loaded. */
export const actions: Record<ActionName, Action> = {
  list: (options, terminal) => look().list(options, terminal),
  show: (options, terminal) => look().show(options, terminal),
  approve: (options, terminal) => sign().approve(options, terminal),
  diff: (options, terminal) => look().diff(options, terminal),
};
