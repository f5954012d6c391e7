import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, chmod, mkdir, readdir, stat, statfs } from "node:fs/promises";
import { writeAtomically } from "../../drivers/files";
import { diskFull, noAccess } from "./errors";
import { placesIn } from "./instance";

// A new server writes 300 MB before its first document; one with data needs room for its journal.
const neededBytes = { new: 600_000_000, known: 200_000_000 };

/** Makes the server's folder, which only its owner sees. */
export async function ensureFolder(folder: string): Promise<void> {
  const { data } = placesIn(folder);
  try {
    await mkdir(data, { recursive: true, mode: 0o700 });
    for (const path of [folder, data]) await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw noAccess(folder, error as NodeJS.ErrnoException);
  }
}

/** The key that members of the set show each other: mongod asks for one where users log in. */
export async function ensureKeyFile(folder: string): Promise<void> {
  const { keyFile } = placesIn(folder);
  const known = await stat(keyFile).catch(() => undefined);
  if (known && known.size > 0) return chmod(keyFile, 0o400);
  await writeAtomically(keyFile, randomBytes(512).toString("base64"), { mode: 0o400, fsync: true });
}

export async function hasData(folder: string): Promise<boolean> {
  return (await readdir(placesIn(folder).data).catch(() => [])).length > 0;
}

/** A server that runs out of room ends in the middle of a write: better not to start it. */
export async function requireRoom(
  folder: string,
  kind: keyof typeof neededBytes,
  freeBytes: (folder: string) => Promise<number> = freeBytesAt,
): Promise<void> {
  const free = await freeBytes(folder);
  if (free < neededBytes[kind]) throw diskFull(folder, free, neededBytes[kind]);
}

async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
