/** The names that a restore gives its own collections, which stand among those of the database that it changes. */
export const restoreJournal = "__restore";
/** Where the documents of a restore wait until all of them are there. */
export const shadowName = (id: string, collection: string) => `__new_${id}_${collection}`;
/** Where a replaced collection stays until the restore is confirmed. */
export const keptName = (id: string, collection: string) => `__pre_${id}_${collection}`;

const ofRestores = /^__(restore$|(new|pre)_[0-9a-f]{8}_)/;

/** Whether a restore keeps it beside the collections: then it is no part of the database, and goes by itself. */
export function isOfRestore(collection: string): boolean {
  return ofRestores.test(collection);
}
