import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FlyWay } from "./contract";
import { leadsAway, outpostAt } from "./known-outposts";
import { knowError } from "./packed";

type Work = (...args: never[]) => Promise<unknown>;

/** Something that is reached by a way, as an address of a database is. */
interface Reached {
  through?: FlyWay | undefined;
}

export interface CarriedOptions<F extends Work> {
  /** Where it is done; undefined or null where it needs no database, or not one alone. */
  at: (...args: Parameters<F>) => Reached | null | undefined;
  /** The names of fields of the first argument that are folders of this machine, which go along. */
  folders?: readonly string[];
  /** Failures that are told apart by their classes. */
  errors?: readonly { name: string; prototype: object }[];
}

const carried = new Map<string, Work>();

/** Work that moves more data than an answer holds: an outpost does it where the database is reached by one. */
export function carriedOut<F extends Work>(
  name: string,
  work: F,
  { at, folders = [], errors = [] }: CarriedOptions<F>,
): F {
  carried.set(name, work);
  errors.forEach(knowError);
  const done = async (...args: Parameters<F>): Promise<unknown> => {
    const way = at(...args)?.through;
    if (!leadsAway(way)) return work(...args);
    const outpost = await outpostAt(way);
    return outpost.call("work", [name, withFolders(args, folders), folders]);
  };
  return done as F;
}

/** The work of a name, for an outpost. */
export function carriedWork(name: string): Work | undefined {
  return carried.get(name);
}

/** Every file of a folder by its name, in place of the folder. */
function withFolders(args: readonly unknown[], folders: readonly string[]): unknown[] {
  if (folders.length === 0) return [...args];
  const [first, ...rest] = args as [Record<string, unknown>, ...unknown[]];
  const along = folders.map((field) => [field, filesIn(String(first[field]))]);
  return [{ ...first, ...(Object.fromEntries(along) as object) }, ...rest];
}

function filesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]),
  );
}
