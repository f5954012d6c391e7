import { createHash } from "node:crypto";
import { copyFile, link, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../../../infra/drivers/files";
import { OperatorError, messageOf } from "../../../infra/support";

const temporary = ".tmp";
let written = 0;

/** Replaces a file in one step, so that a kill at any moment leaves the old one or the new one. */
export async function replaceFile(file: string, text: string, durable = false): Promise<void> {
  try {
    await writeAtomically(file, text, { mode: 0o644, fsync: durable });
  } catch (error) {
    throw notWritten(file, error);
  }
}

/** Keeps the file as `<file>.bak`; where there is none yet there is nothing to keep. */
export async function keepBackup(file: string): Promise<void> {
  const fresh = `${file}.bak.${process.pid}.${++written}${temporary}`;
  try {
    // A second name for the same bytes costs nothing, whatever the size; not every file system has it.
    await link(file, fresh).catch(() => copyFile(file, fresh));
    await rename(fresh, `${file}.bak`);
  } catch (error) {
    await rm(fresh, { force: true });
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw notWritten(`${file}.bak`, error);
  }
}

/** Writes the companion that the CLI's storage keeps beside each file. */
export async function describeFile(file: string, text: string): Promise<void> {
  const attributes = {
    "user.cache_control": "",
    "user.content_disposition": "",
    "user.content_encoding": "",
    "user.content_language": "",
    "user.content_type": "text/plain; charset=utf-8",
    "user.metadata": null,
    md5: createHash("md5").update(text).digest("base64"),
  };
  await replaceFile(`${file}.attrs`, `${JSON.stringify(attributes)}\n`);
}

/** Writes a file and its companion. */
export async function writeDescribed(file: string, text: string, durable = false): Promise<void> {
  await replaceFile(file, text, durable);
  await describeFile(file, text);
}

/** Removes what killed writers left half-written; only for whoever holds the stack's lock. */
export async function sweepTemporaries(folder: string, stack: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.endsWith(temporary) && name.startsWith(`${stack}.json`));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
}

const noRoom = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const noRight = new Set(["EACCES", "EPERM", "EROFS"]);

function notWritten(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (!noRoom.has(code) && !noRight.has(code)) return error;
  return new OperatorError({
    code: noRoom.has(code) ? "state-disk-full" : "state-not-writable",
    message: `${file} could not be written, so it is as it was before: ${messageOf(error)}`,
    remedy: noRoom.has(code)
      ? "Make room on that disk, then run the command again: it carries on from the state that was kept."
      : "Give this user the right to write there, then run the command again.",
    cause: error,
  });
}
