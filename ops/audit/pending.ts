import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { identify, isRunning } from "../../infra/drivers/processes";
import { localFolder } from "../../infra/support";
import { auditEntry, type AuditEntry } from "./entry";

const pendingFile = z.object({
  process: z.object({ pid: z.int(), started: z.string() }).nullable(),
  entry: auditEntry,
});

/** An entry that lies in a file until a database has it. */
export interface Pending {
  file: string;
  entry: AuditEntry;
}

const unseen = "nobody saw its end: it was killed, or the machine went down";

/** Where entries wait for a database. */
export function pendingFolder(): string {
  return localFolder("audit");
}

/** Writes an entry down, synchronously: it stands before the command does anything, and after it has ended. */
export function keepPending(entry: AuditEntry): string {
  const folder = pendingFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // A colon is no part of a file's name everywhere.
  const file = join(folder, `${entry._id.replaceAll(":", "_")}.json`);
  const process_ = entry.outcome === null ? (identify(process.pid) ?? null) : null;
  writeFileSync(`${file}.new`, JSON.stringify({ process: process_, entry }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return file;
}

/** Forgets an entry that a database has, or that is none after all. */
export function dropPending(file: string): void {
  rmSync(file, { force: true });
}

/** The entries of a stack that can be handed in: those whose command has ended, one way or the other. */
export function endedPending(stack: string): Pending[] {
  return allPending().flatMap(({ file, process: runner, entry }) => {
    if (entry.stack !== stack) return [];
    if (entry.outcome !== null) return [{ file, entry }];
    if (runner !== null && isRunning(runner)) return [];
    return [{ file, entry: { ...entry, outcome: { code: null, error: unseen } } }];
  });
}

/** How many entries no database has yet, of whatever stack. */
export function countPending(): number {
  return allPending().length;
}

function allPending(): (z.infer<typeof pendingFile> & { file: string })[] {
  return filesIn(pendingFolder()).flatMap((name) => {
    const file = join(pendingFolder(), name);
    try {
      return [{ file, ...pendingFile.parse(JSON.parse(readFileSync(file, "utf8"))) }];
    } catch {
      // Another command has just handed it in, or it is of a newer edition: that one takes it.
      return [];
    }
  });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch {
    return [];
  }
}
