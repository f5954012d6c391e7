import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from "node:fs";

const readBytes = 256 * 1024;
const rotateBytes = 20_000_000;

export function sizeOfLog(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Moves a log that has grown large aside; only while nobody writes it. */
export function rotateLog(file: string): void {
  if (sizeOfLog(file) > rotateBytes) renameSync(file, `${file}.1`);
}

/** The last messages of a mongod's log written since a size it had: warnings and errors where there are any. */
export function lastMessages(file: string, count: number, since = 0): string[] {
  const messages = read(file, since)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(messageOf);
  const serious = messages.filter(({ severity }) => severity !== "I");
  return (serious.length > 0 ? serious : messages).slice(-count).map(({ text }) => text);
}

function read(file: string, since: number): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    const { size } = fstatSync(descriptor);
    const from = Math.max(since, size - readBytes);
    const buffer = Buffer.alloc(Math.max(0, size - from));
    return buffer.toString("utf8", 0, readSync(descriptor, buffer, 0, buffer.length, from));
  } catch {
    return "";
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** mongod writes one JSON document a line; what the system's loader says stands between them as it is. */
function messageOf(line: string): { severity: string; text: string } {
  try {
    const { s, msg, attr } = JSON.parse(line) as { s: string; msg: string; attr?: unknown };
    return { severity: s, text: attr === undefined ? msg : `${msg} ${JSON.stringify(attr).slice(0, 300)}` };
  } catch {
    return { severity: "E", text: line.slice(0, 300) };
  }
}
