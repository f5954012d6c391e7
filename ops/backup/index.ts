import type { Terminal } from "../terminal";
import type { ActionName, BackupOptions } from "./options";

export { engine } from "./engine";
export { addressOf, placeOf, type BackupPlace } from "./place";
export { requireFitting, type ActionName, type BackupOptions } from "./options";

type Action = (options: BackupOptions, terminal: Terminal) => Promise<number>;

const look = () => require("./look") as typeof import("./look");
const settle = () => require("./settle") as typeof import("./settle");
const held = () => require("./hold") as typeof import("./hold");

/** What each word after `dnd backup` does; its module alone is loaded. */
export const actions: Record<ActionName, Action> = {
  create: (options, terminal) => (require("./make") as typeof import("./make")).create(options, terminal),
  copy: (options, terminal) => (require("./copy") as typeof import("./copy")).copy(options, terminal),
  list: (options, terminal) => (require("./list") as typeof import("./list")).list(options, terminal),
  show: (options, terminal) => look().show(options, terminal),
  verify: (options, terminal) => (require("./prove") as typeof import("./prove")).verify(options, terminal),
  restore: (options, terminal) =>
    (require("./restore") as typeof import("./restore")).restore(options, terminal),
  undo: (options, terminal) => settle().undo(options, terminal),
  confirm: (options, terminal) => settle().confirmed(options, terminal),
  prune: (options, terminal) => (require("./prune") as typeof import("./prune")).prune(options, terminal),
  rekey: (options, terminal) => (require("./rekey") as typeof import("./rekey")).rekey(options, terminal),
  hold: (options, terminal) => held().hold(options, terminal),
  "release-hold": (options, terminal) => held().releaseHold(options, terminal),
};

/** For whom a new archive of a stack is encrypted; undefined for nobody. */
export const encryptionOf: typeof import("./keys").encryptionOf = (...wanted) =>
  (require("./keys") as typeof import("./keys")).encryptionOf(...wanted);
