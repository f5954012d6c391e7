/** The journal lies in the app's own database, because it must come back with it out of an archive. */
export const journalName = "migrations";

/** What documents were before migrations that are undone by it; it comes back with the journal. */
export const preImagesName = "migrations_undo";

/** Whether a collection is the engine's own. */
export function isReserved(collection: unknown): boolean {
  return collection === journalName || collection === preImagesName;
}
