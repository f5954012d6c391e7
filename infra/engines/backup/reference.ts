import { realpath } from "node:fs/promises";
import { OperatorError } from "../../support";
import type { StorePlace } from "./catalog";
import { ArchiveMissingError } from "./errors";
import { latestArchive } from "./latest";
import { parseName } from "./names";

/** An archive as a person names it, and where to look when that says no place. */
export interface ArchiveReference {
  /** An id, a path, an s3:// address, or `latest`. */
  reference: string;
  store: string;
  database: string | undefined;
  environment: string | undefined;
}

/** The store and the id that a reference means; whether there is such an archive shows when it is read. */
export async function resolveReference(wanted: ArchiveReference): Promise<{ store: StorePlace; id: string }> {
  const { reference, store, database, environment } = wanted;
  if (reference === "latest") return { store, id: await latestOf(store, database, environment) };
  if (/^[a-z0-9]+:\/\//i.test(reference)) return fromAddress(reference);
  if (reference.includes("/")) return fromPath(reference);
  return { store, id: withoutEnding(reference) };
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
