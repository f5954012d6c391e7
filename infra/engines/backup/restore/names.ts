import { keptName, OperatorError } from "../../../support";

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
