import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { socketForeign } from "./errors";

/** Systems allow about 104 bytes for the path of a socket, the ending zero included. */
const longestPath = 100;

/** The socket of a folder's daemon: in the folder, or where that is too deep in a short one made from its path. */
export function controlSocket(folder: string): string {
  const near = join(resolve(folder), "control.sock");
  if (Buffer.byteLength(near) <= longestPath) return near;
  const name = createHash("sha256").update(resolve(folder)).digest("hex").slice(0, 20);
  return join(tmpdir(), `dnd-${userInfo().uid}`, `${name}.sock`);
}

/** Makes the place of the socket, for this user alone. */
export function prepareSocketFolder(folder: string): void {
  mkdirSync(dirname(controlSocket(folder)), { recursive: true, mode: 0o700 });
  refuseForeignSocket(folder);
}

/** Where everybody may write, somebody else could have made the place first, to be told the secrets of our machines. */
export function refuseForeignSocket(folder: string): void {
  const place = dirname(controlSocket(folder));
  const found = place === resolve(folder) ? undefined : lstatSync(place, { throwIfNoEntry: false });
  if (!found) return;
  const isOurs = found.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o077) === 0;
  if (!isOurs) throw socketForeign(place);
}

export const tokenFile = (folder: string) => join(folder, "token");
export const daemonFile = (folder: string) => join(folder, "daemon.json");
export const routesFile = (folder: string) => join(folder, "routes.json");
export const daemonLog = (folder: string) => join(folder, "daemon.log");

/** What a client shows to be let in; undefined when no daemon was ever started here. */
export function readToken(folder: string): string | undefined {
  try {
    return readFileSync(tokenFile(folder), "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
