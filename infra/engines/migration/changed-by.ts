import { ObjectId, type ClientSession, type Collection, type Document, type FindOptions } from "mongodb";
import { MigrationMisuseError } from "./errors";
import type { Write } from "./guard";

/** Every number as the server has it: an image is put back to the bit. */
export const exact = { promoteValues: false } as const;

type Found = Map<unknown, Document | null>;

/**
 * The documents that a write may change, as they are; null for those that it makes. A write that takes any one of
 * several gives all that it could take: an image of a document that stays as it is does no harm.
 */
export async function changedBy(
  collection: Collection,
  { method, args }: Write,
  session: ClientSession | undefined,
  limit: number,
): Promise<Found> {
  const matching = async (filter: unknown, options: FindOptions = {}): Promise<Found> => {
    const { collation, hint } = options;
    const like = { ...(collation ? { collation } : {}), ...(hint ? { hint } : {}) };
    const documents = await collection
      .find(filter ?? {}, {
        ...like,
        ...exact,
        ...(session ? { session } : {}),
        limit,
      })
      .toArray();
    return new Map(documents.map((document) => [document._id, document]));
  };
  if (method === "insertOne") return made([args[0]]);
  if (method === "insertMany") return made(args[0] as unknown[]);
  if (method === "bulkWrite") return ofBulk(args[0] as BulkOperation[], matching);
  if (isDocumentWrite({ method })) return matching(args[0], args.at(-1) as FindOptions);
  throw new MigrationMisuseError(
    `it calls \`${method}\`, of which no pre-images are kept`,
    "Use the methods of collections, or write a `down`.",
  );
}

/** Whether a write changes documents, and by a method that says which. */
export function isDocumentWrite({ method }: Pick<Write, "method">): boolean {
  return /^(insert|update|replace|delete|findOneAnd|bulkWrite)/.test(method);
}

type BulkOperation = Record<string, { document?: unknown; filter?: unknown }>;

async function ofBulk(
  operations: BulkOperation[],
  matching: (filter: unknown) => Promise<Found>,
): Promise<Found> {
  const found: Found = new Map();
  for (const [kind, one] of operations.flatMap((operation) => Object.entries(operation))) {
    const documents = kind === "insertOne" ? made([one.document]) : await matching(one.filter);
    for (const [id, document] of documents) found.set(id, document);
  }
  return found;
}

/** Documents to be: each gets its id here and not from the driver, so that it is known beforehand. */
function made(documents: unknown[]): Found {
  return new Map(
    (documents as Document[]).map((document) => {
      document._id ??= new ObjectId();
      return [document._id as unknown, null];
    }),
  );
}
