import { constants } from "node:fs";
import { access, lstat, mkdir, open, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { writeAtomically } from "../files";
import type { ArchiveStore, PendingObject, StoredObject } from "./contract";
import { objectMissing, storeFailure } from "./errors";
import { partialPath, PendingFile } from "./pending-file";

const longestPutMs = 10 * 60_000;
const isWhole = (name: string) => !/\.(partial|tmp)$/.test(name);
const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === "ENOENT";

/** Archives as files below a folder, for their owner's eyes alone. */
export class FolderStore implements ArchiveStore {
  constructor(readonly location: string) {}

  addressOf(name: string): string {
    return this.#path(name);
  }

  create(name: string): Promise<PendingObject> {
    const path = this.#path(name);
    return this.#guard(async () => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return PendingFile.open(path, (work) => this.#guard(work));
    });
  }

  put(name: string, text: string): Promise<void> {
    return this.#guard(() => writeAtomically(this.#path(name), text, { fsync: true }));
  }

  read(name: string): Promise<Readable> {
    return this.#guard(async () => {
      const file = await open(this.#path(name), "r").catch((error: unknown) => {
        throw isMissing(error) ? objectMissing(this.location, name) : error;
      });
      return file.createReadStream({ highWaterMark: 256 * 1024 });
    });
  }

  get(name: string): Promise<string | undefined> {
    return this.#guard(() => readFile(this.#path(name), "utf8").catch(unlessMissing));
  }

  list(folder?: string): Promise<StoredObject[]> {
    return this.#guard(async () => {
      const folders = folder === undefined ? await this.#folders() : [folder];
      return (await Promise.all(folders.map((one) => this.#objects(one)))).flat();
    });
  }

  delete(name: string): Promise<void> {
    return this.#guard(async () => {
      await rm(partialPath(this.#path(name)), { force: true });
      await rm(this.#path(name), { force: true });
      await this.#removeTemporary(dirname(this.#path(name)));
    });
  }

  /** A symbolic link; it is made beside the old one and takes its place at once. */
  link(alias: string, name: string): Promise<void> {
    return this.#guard(async () => {
      const path = join(this.location, alias);
      const made = `${path}.${process.pid}.tmp`;
      await rm(made, { force: true });
      await symlink(name, made);
      await rename(made, path);
    });
  }

  /** A link alone: whatever else stands under the name is somebody's own. */
  unlink(alias: string): Promise<void> {
    return this.#guard(async () => {
      const path = join(this.location, alias);
      const seen = await lstat(path).catch(unlessMissing);
      if (seen?.isSymbolicLink()) await rm(path, { force: true });
    });
  }

  whyNotWritable(): Promise<string | undefined> {
    return whyNotWritable(this.location);
  }

  async #folders(): Promise<string[]> {
    const entries = (await readdir(this.location, { withFileTypes: true }).catch(unlessMissing)) ?? [];
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  }

  async #objects(folder: string): Promise<StoredObject[]> {
    const names = (await readdir(join(this.location, folder)).catch(unlessMissing)) ?? [];
    const found = await Promise.all(
      names.filter(isWhole).map(async (name) => {
        const seen = await stat(join(this.location, folder, name)).catch(unlessMissing);
        return seen?.isFile() ? [{ name: `${folder}/${name}`, bytes: seen.size }] : [];
      }),
    );
    return found.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Of small objects whose writers were killed: nobody takes minutes for one. */
  async #removeTemporary(folder: string): Promise<void> {
    const names = ((await readdir(folder).catch(unlessMissing)) ?? []).filter((name) =>
      name.endsWith(".tmp"),
    );
    for (const name of names) {
      const seen = await stat(join(folder, name)).catch(unlessMissing);
      if (seen && Date.now() - seen.mtimeMs > longestPutMs) await rm(join(folder, name), { force: true });
    }
  }

  #path(name: string): string {
    return join(this.location, ...name.split("/"));
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw (error as NodeJS.ErrnoException).syscall ? storeFailure(this.location, error) : error;
    }
  }
}

function unlessMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

/** A folder that is not there yet can be made where the next one above it can be written. */
async function whyNotWritable(folder: string): Promise<string | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) return `${folder} is not a folder`;
    await access(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    if (isMissing(error) && folder !== dirname(folder)) return whyNotWritable(dirname(folder));
    return `${folder} cannot be written (${(error as NodeJS.ErrnoException).code})`;
  }
}
