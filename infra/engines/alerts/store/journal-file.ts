import { mkdir, open, readdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Alert } from "../alert";
import type { Message } from "../outbox/message";
import type { Delivery } from "./contract";

/** Something that happened while the database was away. */
export type AwayEntry =
  { alert: Alert } | { dropped: string } | { message: Message } | { delivery: Delivery };

/** Adds entries and returns when the disk has them. */
export async function appendEntries(file: string, entries: readonly AwayEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  for (;;) {
    const handle = await open(file, "a", 0o600);
    try {
      // A line that a crash tore apart is ended first, so that it spoils no other.
      await handle.appendFile(`\n${text}`);
      await handle.datasync();
      const { ino } = await handle.stat();
      if ((await stat(file).catch(() => undefined))?.ino === ino) return;
      // It was taken away to be merged at this very moment: once more, and the merge leaves out doubles.
    } finally {
      await handle.close();
    }
  }
}

/** How a journal's name begins while it is merged. */
export const taken = "merging-";

/** What a journal holds with all those beside it whose merging was not finished. */
export async function readAllEntries(file: string): Promise<AwayEntry[]> {
  const names = await readdir(dirname(file)).catch(() => [] as string[]);
  const unfinished = names.filter((name) => name.startsWith(taken)).sort();
  const files = [...unfinished.map((name) => join(dirname(file), name)), file];
  return (await Promise.all(files.map(readEntries))).flat();
}

/** What a journal holds; a line that was never written to its end never happened. */
export async function readEntries(file: string): Promise<AwayEntry[]> {
  return (await textOf(file)).split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line, revive) as AwayEntry];
    } catch {
      return [];
    }
  });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

const times = new Set([
  ...["since", "firedAt", "resolvedAt", "worseSince", "calmSince", "seenAt", "silencedUntil"],
  ...[
    "at",
    "endedAt",
    "queuedAt",
    "dueAt",
    "heldSince",
    "settledAt",
    "until",
    "takenUpAt",
    "freedAt",
    "channelPausedUntil",
  ],
]);

/** Dates come back as dates. */
function revive(name: string, value: unknown): unknown {
  return times.has(name) && typeof value === "string" ? new Date(value) : value;
}

/** Writes a document whole or not at all. */
export async function writeWhole(file: string, document: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, JSON.stringify(document), { mode: 0o600 });
  await rename(unfinished, file);
}

/** A document that was written whole; undefined where there is none. */
export async function readWhole<T>(file: string): Promise<T | undefined> {
  const text = await textOf(file);
  return text === "" ? undefined : (JSON.parse(text, revive) as T);
}

/** Takes a file away; one that is gone is fine. */
export async function remove(file: string): Promise<void> {
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}
