import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";

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
export function prepareSocketFolder(socket: string): void {
  mkdirSync(join(socket, ".."), { recursive: true, mode: 0o700 });
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
