import { hasChanges, shortName, type HeldResource, type OperationResult } from "../engine";

/** What an update would do, for the person who has to confirm it; undefined when it would do nothing. */
export function lossOfUpdate(preview: OperationResult): string | undefined {
  if (!hasChanges(preview)) return undefined;
  const named = (ops: string[]) =>
    preview.steps.filter(({ op }) => ops.includes(op)).map(({ urn }) => shortName(urn));
  const deleted = named(["delete"]);
  const replaced = named(["replace", "create-replacement"]);
  const counts = Object.entries(preview.changeSummary).filter(([op]) => op !== "same");
  const sentences = [`It would ${counts.map(([op, count]) => `${op} ${count}`).join(", ")}.`];
  if (deleted.length > 0) sentences.push(`Deleted and lost: ${deleted.join(", ")}.`);
  if (replaced.length > 0) sentences.push(`Made anew: ${[...new Set(replaced)].join(", ")}.`);
  return sentences.join(" ");
}

/** What taking down a stack would lose. */
export function lossOfDestroy(held: readonly HeldResource[], local: boolean): string {
  if (local) return "Its machines and its database stop; the data and the archives in .dnd stay.";
  const names = held
    .map(({ urn }) => urn)
    .filter((urn) => !urn.includes("::pulumi:"))
    .map(shortName);
  const list = names.length > 12 ? [...names.slice(0, 12), `${names.length - 12} more`] : names;
  return `${names.length} resources would be deleted and lost: ${list.join(", ") || "none"}.`;
}
