import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { projectRoot } from "../../support";
import type { FlyWay } from "./contract";
import { leadsAway, outpostAt } from "./known-outposts";
import { farDatabaseOf } from "./far-databases";
import { knowError } from "./packed";

type Work = (...args: never[]) => Promise<unknown>;

/** Something that is reached by a way, as an address of a database is. */
interface Reached {
  through?: FlyWay | undefined;
}

export interface CarriedOptions<F extends Work> {
  /** Where it is done; undefined or null where it needs no database, or not one alone. */
  at: (...args: Parameters<F>) => Reached | null | undefined;
  /** Where in the first argument folders or files of this machine are named, which go along. */
  folders?: readonly string[];
  /** What goes over in place of the arguments, where not all of it can. */
  sends?: (args: Parameters<F>) => unknown[];
  /** Failures that are told apart by their classes. */
  errors?: readonly { name: string; prototype: object }[];
}

const carried = new Map<string, Work>();

/** Work that moves more data than an answer holds: an outpost does it where the database is reached by one. */
export function carriedOut<F extends Work>(
  name: string,
  work: F,
  { at, folders = [], errors = [], sends = (args) => args }: CarriedOptions<F>,
): F {
  carried.set(name, work);
  errors.forEach(knowError);
  const done = async (...args: Parameters<F>): Promise<unknown> => {
    const way = at(...args)?.through;
    if (!leadsAway(way)) return work(...args);
    const outpost = await outpostAt(way);
    return outpost.call("work", [name, withFolders(sends(args), folders), folders]);
  };
  return done as F;
}

/** Work whose first argument is an address, which is where it is done. */
export function carriedAt<F extends (address: never, ...rest: never[]) => Promise<unknown>>(
  name: string,
  work: F,
): F {
  return carriedOut(name, work, { at: (...[address]: unknown[]) => address as Reached });
}

/** Works whose first argument is a database, which is where they are done. */
export function carriedWithDatabase<T extends Record<string, Work>>(works: T): T {
  const entries = Object.entries(works).map(([name, work]) => [
    name,
    carriedOut(name, work, { at: (...[database]: unknown[]) => farDatabaseOf(database)?.address }),
  ]);
  return Object.fromEntries(entries) as T;
}

/** What an outpost does where another one would be asked: it has what cannot be sent. */
export function carriedHere(name: string, work: Work): void {
  carried.set(name, work);
}

/** The work of a name, for an outpost. */
export function carriedWork(name: string): Work | undefined {
  return carried.get(name);
}

/** Every file by its name in place of its folder, or alone in place of itself. */
function withFolders([first, ...rest]: readonly unknown[], folders: readonly string[]): unknown[] {
  const along = (now: unknown, place: string) =>
    atPlace(now, place.split("."), (named) =>
      typeof named === "string" ? filesIn(resolve(projectRoot, named)) : named,
    );
  return [folders.reduce(along, first), ...rest];
}

/** A copy in which the value of one place is another. */
export function atPlace(
  whole: unknown,
  [field, ...inner]: string[],
  change: (value: unknown) => unknown,
): unknown {
  if (field === undefined) return change(whole);
  if (typeof whole !== "object" || whole === null) return whole;
  return { ...whole, [field]: atPlace((whole as Record<string, unknown>)[field], inner, change) };
}

function filesIn(folder: string): Record<string, string> {
  if (!statSync(folder).isDirectory())
    return { [basename(folder)]: readFileSync(folder, "utf8"), "": basename(folder) };
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]),
  );
}
