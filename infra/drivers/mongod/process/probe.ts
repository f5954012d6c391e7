import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { identify, type ProcessIdentity } from "../../processes";

/** A mongod that works on a data folder. */
export interface FoundMongod {
  identity: ProcessIdentity;
  port: number;
  /** Null when it runs without one. */
  keyFile: string | null;
}

/**
 * The mongod that works on a data folder: by the note that it leaves there, or, where it has not come to write one yet,
 * by its arguments. Never another process that got its number.
 */
export function probeMongod(dataFolder: string): FoundMongod | undefined {
  const noted = pidIn(join(dataFolder, "mongod.lock"));
  const byNote = noted === undefined ? undefined : worksOn(dataFolder, noted);
  return byNote ?? first(runningPids(), (pid) => worksOn(dataFolder, pid));
}

function worksOn(dataFolder: string, pid: number): FoundMongod | undefined {
  const command = commandOf(pid);
  if (valueOf("--dbpath", command) !== dataFolder) return undefined;
  const identity = identify(pid);
  if (!identity) return undefined;
  return {
    identity,
    port: Number(valueOf("--port", command) ?? 27017),
    keyFile: valueOf("--keyFile", command) ?? null,
  };
}

function first<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The processes of this machine that may be a mongod; on systems without /proc the list is narrowed by one call. */
function runningPids(): number[] {
  if (process.platform === "linux") return readdirSync("/proc").map(Number).filter(Number.isInteger);
  const lines = execFileSync("ps", ["-axww", "-o", "pid=,command="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes("--dbpath")).map((line) => Number.parseInt(line, 10));
}

function pidIn(lockFile: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(lockFile, "utf8"), 10) || undefined;
  } catch {
    return undefined;
  }
}

/** The arguments of a process; where the system gives them as one text, with blanks kept inside it. */
function commandOf(pid: number): string[] {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const text = execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return text.trim().split(/ (?=--)|(?<=--\w+) /);
  } catch {
    return [];
  }
}

function valueOf(option: string, command: string[]): string | undefined {
  const at = command.indexOf(option);
  return at < 0 ? undefined : command[at + 1];
}
