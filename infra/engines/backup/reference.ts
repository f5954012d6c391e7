import { realpath } from "node:fs/promises";
import { openStore } from "../../drivers/store";
import { messageOf, OperatorError } from "../../support";
import { findArchive, type StorePlace } from "./catalog";
import { ArchiveMissingError } from "./errors";
import { latestArchive } from "./latest";
import { parseName } from "./names";

/** An archive as a person names it, and where to look when that says no place. */
export interface ArchiveReference {
  /** An id, a path, an s3:// address, or `latest`. */
  reference: string;
  store: string;
  /** Further stores, which are looked into where the first has no such archive or cannot be read. */
  copies?: readonly string[] | undefined;
  /** Hears why another store than the first had to do. */
  warn?: ((message: string) => void) | undefined;
  database: string | undefined;
  environment: string | undefined;
}

/** The store and the id that a reference means; whether there is such an archive shows when it is read. */
export async function resolveReference(wanted: ArchiveReference): Promise<{ store: StorePlace; id: string }> {
  const { reference, store, copies = [], database, environment } = wanted;
  if (/^[a-z0-9]+:\/\//i.test(reference)) return fromAddress(reference);
  if (reference.includes("/")) return fromPath(reference);
  if (reference === "latest")
    return firstOf(wanted, async (one) => ({ store: one, id: await latestOf(one, database, environment) }));
  const id = withoutEnding(reference);
  if (copies.length === 0) return { store, id };
  return firstOf(wanted, async (one) => {
    if (!(await findArchive(one, id))) throw new ArchiveMissingError(id, openStore(one).location);
    return { store: one, id };
  });
}

type Resolved = { store: StorePlace; id: string };

/** Of several stores the first that can answer; where none can, the first one's own failure says why. */
async function firstOf(
  { store, copies = [], warn }: ArchiveReference,
  look: (store: string) => Promise<Resolved>,
): Promise<Resolved> {
  let failure: unknown;
  for (const one of [store, ...copies])
    try {
      const found = await look(one);
      if (failure) warn?.(`${messageOf(failure).split("\n")[0]}: taken from ${openStore(one).location}`);
      return found;
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      failure ??= error;
    }
  throw failure;
}

async function latestOf(
  store: string,
  database: string | undefined,
  environment: string | undefined,
): Promise<string> {
  if (database === undefined) throw unclear("latest", "of which database is not said");
  const id = await latestArchive(store, { database, environment });
  if (id === undefined) throw new ArchiveMissingError(`latest of ${database}`, store);
  return id;
}

/** What stands behind the `?` says where the store is, and belongs to it. */
function fromAddress(address: string): { store: string; id: string } {
  const [path = "", query] = address.split("?");
  const { folder, id } = split(path, address);
  return { store: query === undefined ? folder : `${folder}?${query}`, id };
}

/** A link such as `backup-staging-latest.gz` leads to the archive itself. */
async function fromPath(path: string): Promise<{ store: string; id: string }> {
  const real = await realpath(path).catch(() => {
    throw new OperatorError({
      code: "archive-missing",
      message: `there is no file ${path}`,
      remedy: "`dnd backup list` shows what there is.",
    });
  });
  const { folder, id } = split(real, path);
  return { store: folder, id };
}

function split(path: string, said: string): { folder: string; id: string } {
  const [, folder, name = ""] = /^(.+)\/([^/]+\/[^/]+)$/.exec(path) ?? [];
  const parsed = parseName(name);
  if (folder === undefined || !parsed) throw unclear(said, "it is not named as an archive of ours is");
  return { folder, id: parsed.id };
}

function withoutEnding(id: string): string {
  return id.replace(/\.(archive|json)(\..+)?$/, "");
}

function unclear(reference: string, why: string): OperatorError {
  return new OperatorError({
    code: "archive-unclear",
    kind: "usage",
    message: `which archive ${reference} means is unclear: ${why}`,
    remedy: "Name it by its id, as `dnd backup list` shows it, or add --db.",
  });
}
