import type { MongoClient } from "mongodb";
import { openDirect } from "../../drivers/mongo";
import { ContentDigest, type CollectionHeader } from "./archive";
import { findCollections, type FoundCollection } from "./collections";
import type { Manifest } from "./manifest";
import { rawBatches, type Source } from "./raw-batches";

type Told = Manifest["collections"][number];

/** What a restored database has otherwise than its archive says: a sentence each, none when all is the same. */
export async function differencesOf(
  client: MongoClient,
  database: string,
  manifest: Manifest,
  headers: readonly CollectionHeader[],
  signal?: AbortSignal,
): Promise<string[]> {
  const session = client.startSession({ causalConsistency: false });
  const direct = await openDirect(client, signal);
  const source: Source = { db: client.db(database), session, signal, direct };
  try {
    const found = new Map((await findCollections(source)).map((one) => [one.name, one]));
    const wanted = manifest.collections.filter(({ name }) => !name.startsWith("$admin."));
    const differences = surplus(found, wanted);
    for (const told of wanted) {
      signal?.throwIfAborted();
      const header = headers.find(({ collection }) => collection === told.name);
      differences.push(...(await differencesIn(source, told, header, found.get(told.name))));
    }
    return differences;
  } finally {
    direct?.close();
    await session.endSession();
  }
}

function surplus(found: ReadonlyMap<string, FoundCollection>, wanted: readonly Told[]): string[] {
  const known = new Set(wanted.map(({ name }) => name));
  return [...found.keys()].filter((name) => !known.has(name)).map((name) => `${name} is not in the archive`);
}

async function differencesIn(
  source: Source,
  told: Told,
  header: CollectionHeader | undefined,
  found: FoundCollection | undefined,
): Promise<string[]> {
  const { name } = told;
  if (!found || !header) return [`${name} is missing`];
  const differences: string[] = [];
  if (found.type !== told.type) differences.push(`${name} is a ${found.type} and was a ${told.type}`);
  const [was, is] = [definitionOf(header), definitionOf(found.header)];
  if (was.options !== is.options) differences.push(`${name} has other options`);
  if (was.indexes !== is.indexes) differences.push(`${name} has other indexes`);
  if (found.data !== undefined) differences.push(...(await contentDifferences(source, told, found.data)));
  return differences;
}

async function contentDifferences(source: Source, told: Told, data: string): Promise<string[]> {
  const digest = new ContentDigest();
  let documents = 0;
  for await (const batch of rawBatches(source, { find: data, filter: {}, batchSize: 1000 })) {
    digest.add(batch.bytes);
    documents += batch.documents;
  }
  if (documents !== told.documents)
    return [`${told.name} has ${documents} documents and had ${told.documents}`];
  return digest.value() === told.digest ? [] : [`${told.name} has other documents`];
}

/** Without what is each copy's own, and in an order that does not depend on when an index was built. */
function definitionOf({ metadata }: CollectionHeader): { options: string; indexes: string } {
  const { options, indexes } = JSON.parse(metadata) as { options: object; indexes: Index[] };
  const named = indexes.map(({ ns: _ns, ...index }) => sorted(index));
  return { options: JSON.stringify(sorted(options)), indexes: JSON.stringify(named.sort(byName)) };
}

type Index = Record<string, unknown> & { name?: string };
const byName = (a: Index, b: Index) => (String(a.name) < String(b.name) ? -1 : 1);

/** The order of the fields of an index's key means something, that of its options does not. */
function sorted(fields: object): Index {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}
