import { readFileSync, writeFileSync } from "node:fs";
import type { ErrorKind, OperatorError } from "./operator-error";

/** The variable that names the file in which a program leaves word for the command that started it. */
export const wordFile = "DND_WORD_FILE";

const kinds: readonly ErrorKind[] = ["failed", "usage", "refused", "locked", "interrupted"];

/** Tells the command that started this program what kind of failure ended it; a Pulumi engine hands on a text alone. */
export function leaveWord(error: OperatorError): void {
  const file = process.env[wordFile];
  if (file) writeFileSync(file, error.kind, { mode: 0o600 });
}

/** The kind of failure that a program has left word of; undefined where it said nothing. */
export function readWord(file: string): ErrorKind | undefined {
  try {
    const said = readFileSync(file, "utf8");
    return kinds.find((kind) => kind === said);
  } catch {
    return undefined;
  }
}
