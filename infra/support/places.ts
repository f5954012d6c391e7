import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The checkout, wherever a command was started from. */
export const projectRoot = resolve(__dirname, "..", "..");

/** Where the local stack keeps everything it has; `DND_DIR` moves it (tests do). */
export function localFolder(...parts: string[]): string {
  return join(process.env.DND_DIR ? resolve(process.env.DND_DIR) : join(projectRoot, ".dnd"), ...parts);
}

/** Downloads that every checkout of a user can share; `DND_CACHE` moves it. */
export function cacheFolder(...parts: string[]): string {
  const base =
    process.env.DND_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "dnd-tracker");
  return join(base, ...parts);
}
