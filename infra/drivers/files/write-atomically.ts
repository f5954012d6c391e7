import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

export interface WriteOptions {
  /** Of the new file; 0o600 unless said otherwise. */
  mode?: number;
  /** Waits until file and name are on the disk, for what must survive a power cut. */
  fsync?: boolean;
}

/** Replaces a file in one step: whoever reads, and whoever is killed, sees the old content or the new one. */
export async function writeAtomically(
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeWhole(temporary, data, options);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  if (options.fsync) await syncFolder(dirname(path));
}

async function writeWhole(path: string, data: string | Uint8Array, options: WriteOptions): Promise<void> {
  const file = await open(path, "wx", options.mode ?? 0o600);
  try {
    await file.writeFile(data);
    if (options.fsync) await file.sync();
  } finally {
    await file.close();
  }
}

/** A new name is durable only when its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
