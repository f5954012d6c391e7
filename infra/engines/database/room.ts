import { accessSync, constants } from "node:fs";
import { chmod, mkdir, statfs } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { writeAtomically } from "../../drivers/files";
import { OperatorError, formatSize } from "../../support";
import { placesIn } from "./instance";

/** An empty data folder takes 300 MB; a server that runs out of room ends in the middle of a write. */
const neededBytes = 600_000_000;

/** Makes the server's folder, with room on the disk and the right to write. */
export async function ensureRoom(folder: string): Promise<void> {
  const { data, keyFile } = placesIn(folder);
  try {
    await mkdir(data, { recursive: true, mode: 0o700 });
    accessSync(data, constants.W_OK | constants.X_OK);
    if (!existsSync(keyFile)) {
      await writeAtomically(keyFile, randomBytes(500).toString("base64"), { mode: 0o400 });
    }
    await chmod(keyFile, 0o400);
  } catch (error) {
    throw noAccess(folder, error as NodeJS.ErrnoException);
  }
  await refuseFullDisk(folder);
}

async function refuseFullDisk(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new OperatorError({
    code: "mongo-disk-full",
    message: `${folder} has ${formatSize(free)} of room left; the local database needs ${formatSize(neededBytes)}`,
    remedy: "Make room on that disk and run the command again. Nothing was changed.",
  });
}

function noAccess(folder: string, error: NodeJS.ErrnoException): OperatorError {
  return new OperatorError({
    code: error.code === "ENOSPC" ? "mongo-disk-full" : "mongo-no-permission",
    message: `${folder} cannot be written: ${error.message}`,
    remedy: "Give yourself the right to the folder (or make room on its disk) and run the command again.",
    cause: error,
  });
}
