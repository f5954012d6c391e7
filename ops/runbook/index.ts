import type { RoundName } from "../rounds";
import type { Terminal } from "../terminal";
import type { ActionName, OpsOptions } from "./options";

export { requireFitting, type ActionName, type OpsOptions } from "./options";

type Action = (options: OpsOptions, terminal: Terminal) => Promise<number>;

const round =
  (name: RoundName): Action =>
  (options, terminal) =>
    (require("../rounds") as typeof import("../rounds")).performRound(
      name,
      { ...options, again: options.again ?? false },
      terminal,
    );

/** What each word after `dnd ops` does; its module alone is loaded. */
export const actions: Record<ActionName, Action> = {
  daily: round("daily"),
  weekly: round("weekly"),
  monthly: round("monthly"),
  quarterly: round("quarterly"),
  yearly: round("yearly"),
  indexes: (options, terminal) => (require("../care") as typeof import("../care")).indexes(options, terminal),
  cleanup: (options, terminal) =>
    (require("../cleanup") as typeof import("../cleanup")).cleanup(
      { ...options, apply: options.apply ?? false },
      terminal,
    ),
  rotate: (options, terminal) =>
    (require("../rotate") as typeof import("../rotate")).rotate(options, terminal),
};
