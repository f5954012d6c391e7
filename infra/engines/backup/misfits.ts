import type { Document, MongoClient } from "mongodb";

const shown = 3;

interface Described {
  name: string;
  options?: { validator?: Document; validationLevel?: string; validationAction?: string };
}

/**
 * Documents of a restored copy that their collection's own validator refuses, a sentence for each collection: the archive
 * gives back truly what was damaged before it was taken.
 */
export async function misfitsOf(
  client: MongoClient,
  database: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const db = client.db(database);
  const collections = (await db.listCollections({}, { nameOnly: false }).toArray()) as Described[];
  const misfits: string[] = [];
  for (const { name, options } of collections.filter(isStrict)) {
    signal?.throwIfAborted();
    const against = { $nor: [options?.validator ?? {}] };
    const wanted = { projection: { _id: 1 }, limit: shown + 1, hint: { _id: 1 } };
    const found = (await db.collection(name).find(against, wanted).toArray()).map(({ _id }) => String(_id));
    const more = found.length > shown ? " and others" : "";
    if (found.length > 0) misfits.push(`${name} has ${found.slice(0, shown).join(", ")}${more}`);
  }
  return misfits;
}

/** A validator that lets what was there before stay, or only warns, is no word about the documents. */
function isStrict({ options = {} }: Described): boolean {
  const { validator, validationLevel = "strict", validationAction = "error" } = options;
  const rules = validator ?? {};
  return Object.keys(rules).length > 0 && validationLevel === "strict" && validationAction === "error";
}
