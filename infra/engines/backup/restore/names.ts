import { OperatorError } from "../../../support";

/** The names that a restore gives its own collections; no archive holds them. */
export const journalCollection = "__restore";
/** Where the documents of a restore wait until all of them are there. */
export const shadowName = (id: string, collection: string) => `__new_${id}_${collection}`;
/** Where a replaced collection stays until the restore is confirmed. */
export const keptName = (id: string, collection: string) => `__pre_${id}_${collection}`;

const longest = 255;

/** A name that the server would refuse in the middle of a switch is refused before it. */
export function refuseLongNames(database: string, collections: readonly string[]): void {
  const tooLong = collections.find(
    (name) => Buffer.byteLength(`${database}.${keptName("00000000", name)}`) > longest,
  );
  if (tooLong === undefined) return;
  throw new OperatorError({
    code: "restore-name-too-long",
    kind: "refused",
    message: `${tooLong} has too long a name to be kept beside its successor in ${database}`,
    remedy: "Give it a shorter name, or restore in place with a safety archive. Nothing was changed.",
  });
}
