import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { writeAtomically } from "../files";
import type { ArchiveStore, PendingObject } from "./contract";
import { storeFailure } from "./errors";

const partial = ".partial";

/** Archives as files below a folder. */
export class FolderStore implements ArchiveStore {
  constructor(readonly location: string) {}

  async create(name: string): Promise<PendingObject> {
    const path = this.#path(name);
    const unfinished = `${path}${partial}`;
    await this.#guard(() => mkdir(dirname(path), { recursive: true, mode: 0o700 }));
    const stream = createWriteStream(unfinished, { mode: 0o600 });
    return {
      stream,
      commit: () =>
        this.#guard(async () => {
          await sync(unfinished);
          await rename(unfinished, path);
        }),
      abandon: async () => {
        stream.destroy();
        await rm(unfinished, { force: true });
      },
    };
  }

  put(name: string, text: string): Promise<void> {
    return this.#guard(() => writeAtomically(this.#path(name), text, { fsync: true }));
  }

  read(name: string): Promise<Readable> {
    return Promise.resolve(createReadStream(this.#path(name)));
  }

  async get(name: string): Promise<string | undefined> {
    try {
      return await readFile(this.#path(name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw storeFailure(this.location, error);
    }
  }

  async list(prefix: string): Promise<{ name: string; bytes: number }[]> {
    const folder = join(this.location, prefix);
    const names = await readdir(folder).catch(() => []);
    const whole = names.filter((name) => !name.endsWith(partial) && !name.endsWith(".tmp")).sort();
    return Promise.all(
      whole.map(async (name) => ({
        name: `${prefix}/${name}`,
        bytes: (await stat(join(folder, name))).size,
      })),
    );
  }

  delete(name: string): Promise<void> {
    return rm(this.#path(name), { force: true });
  }

  #path(name: string): string {
    return join(this.location, ...name.split("/"));
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeFailure(this.location, error);
    }
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
