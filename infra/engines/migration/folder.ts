import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { LoadedMigration } from "./exports";

/** A migration's file before its code is loaded. */
export interface MigrationFile {
  version: string;
  /** Its name in the folder. */
  file: string;
  path: string;
  /** SHA-256 of the text. */
  checksum: string;
}

/** What a folder holds, with everything in it that is not right. */
export interface MigrationFolder {
  files: MigrationFile[];
  problems: string[];
}

// The other endings and the underscores are those of files made for migrate-mongo.
const namePattern = /^(\d{14})-[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*\.(?:ts|js|cjs|mjs)$/;

/** Lists a folder's migrations by version, without loading their code. */
export function readMigrationFolder(folder: string): MigrationFolder {
  if (!existsSync(folder)) return { files: [], problems: [`there is no folder ${folder}`] };
  const problems: string[] = [];
  const files: MigrationFile[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
    if (entry.name.startsWith(".")) continue;
    const version = entry.isFile() ? versionOf(entry.name) : undefined;
    if (!version) {
      problems.push(`${entry.name} is no migration: expected YYYYMMDDHHMMSS-words-with-dashes.ts`);
      continue;
    }
    const twin = files.find((other) => other.version === version);
    if (twin) problems.push(`${twin.file} and ${entry.name} have the same version`);
    const path = join(folder, entry.name);
    const content = readFileSync(path);
    if (!isUtf8(content)) problems.push(`${entry.name} is not UTF-8: save it as such`);
    files.push({ version, file: entry.name, path, checksum: checksumOf(content) });
  }
  return { files, problems };
}

/** Loads a file's code through whatever runs TypeScript in this process. */
export function loadMigration(file: MigrationFile): LoadedMigration {
  // Where everything is applied nothing is loaded, and this is not needed either.
  const { parseMigration } = require("./exports") as typeof import("./exports");
  return parseMigration(file, require(file.path) as unknown);
}

/** Loads what can be loaded, and tells what is wrong with the rest. */
export function loadMigrations(files: MigrationFile[]): { loaded: LoadedMigration[]; problems: string[] } {
  const loaded: LoadedMigration[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      loaded.push(loadMigration(file));
    } catch (error) {
      const lines = error instanceof Error ? error.message.split("\n") : [String(error)];
      problems.push(`${file.file}: ${lines.map((line) => line.trim()).join(" ")}`);
    }
  }
  return { loaded, problems };
}

function versionOf(name: string): string | undefined {
  const version = namePattern.exec(name)?.[1];
  if (!version) return undefined;
  const iso = version.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6.000Z");
  const time = new Date(iso);
  // 31 February parses to 3 March: only a date that reads back the same exists.
  return !Number.isNaN(time.getTime()) && time.toISOString() === iso ? version : undefined;
}

function checksumOf(content: Buffer): string {
  // Git may check the same file out with other line ends on another machine.
  const text = content.toString("latin1").replaceAll("\r\n", "\n");
  return createHash("sha256").update(text, "latin1").digest("hex");
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
