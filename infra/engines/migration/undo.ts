import type { ClientSession, Db, ObjectId } from "mongodb";
import { exact } from "./changed-by";
import { ChangedSinceError } from "./errors";
import type { LoadedMigration } from "./exports";
import { putIndexesBack } from "./dropped-indexes";
import { ofVersion } from "./image-id";
import { fingerprint, imagesIn, type PreImage } from "./pre-images";
import { inTransaction } from "./transaction";
import type { Workplace } from "./workplace";

/**
 * A migration without a written `down`, with one that puts its pre-images back: all documents in one transaction, and
 * after it the indexes, which none can hold.
 */
export function withUndo({ db, lease }: Workplace, migration: LoadedMigration): LoadedMigration {
  if (migration.down || !migration.undo) return migration;
  const { version, transaction } = migration;
  const documents = () => putBack(db, version, lease.session);
  return {
    ...migration,
    timeout: undefined,
    down: transaction
      ? documents
      : async ({ signal }) => {
          await inTransaction(lease.session, signal, async () => {
            await lease.fence();
            await documents();
          });
          lease.assertHeld();
          await putIndexesBack(db, version);
        },
  };
}

async function putBack(db: Db, version: string, session: ClientSession): Promise<void> {
  const images = await imagesIn(db)
    .find(ofDocuments(version), { session, ...exact })
    .toArray();
  const changed = await changedSince(db, images, session);
  if (changed.length > 0) throw new ChangedSinceError(version, changed);
  for (const [name, of] of byCollection(images)) {
    const operations = of.map(({ id, before }) => {
      const filter = { _id: id as ObjectId };
      return before
        ? { replaceOne: { filter, replacement: before, upsert: true } }
        : { deleteOne: { filter } };
    });
    await db.collection(name).bulkWrite(operations, { session });
  }
  await imagesIn(db).deleteMany(ofDocuments(version), { session });
}

/** The images of indexes wait until the documents are as they were: a unique one could not be made before. */
function ofDocuments(version: string) {
  return { _id: ofVersion(version), index: { $exists: false } };
}

/** What others have written since would be lost: it is told and not touched. */
async function changedSince(db: Db, images: PreImage[], session: ClientSession): Promise<string[]> {
  const changed: string[] = [];
  for (const [name, of] of byCollection(images)) {
    const ids = of.map(({ id }) => id as ObjectId);
    const now = await db
      .collection(name)
      .find({ _id: { $in: ids } }, { session, ...exact })
      .toArray();
    const prints = new Map(now.map((one) => [fingerprint({ id: one._id }), fingerprint(one)]));
    const count = of.filter(({ id, after }) => (prints.get(fingerprint({ id })) ?? null) !== after);
    if (count.length > 0) changed.push(`${count.length} in ${name}`);
  }
  return changed;
}

function byCollection(images: PreImage[]): Map<string, PreImage[]> {
  const groups = new Map<string, PreImage[]>();
  for (const image of images) {
    const group = groups.get(image.collection);
    if (group) group.push(image);
    else groups.set(image.collection, [image]);
  }
  return groups;
}
