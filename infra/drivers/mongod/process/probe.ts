import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { identify, type ProcessIdentity } from "../../processes";

/** A mongod that works on a data folder. */
export interface FoundMongod {
  identity: ProcessIdentity;
  port: number;
  /** Null when it runs without one. */
  keyFile: string | null;
}

/** The mongod that works on a data folder, by the note that it leaves there; never another process that got its number. */
export function probeMongod(dataFolder: string): FoundMongod | undefined {
  const pid = pidIn(join(dataFolder, "mongod.lock"));
  const identity = pid === undefined ? undefined : identify(pid);
  if (!identity) return undefined;
  const command = commandOf(identity.pid);
  if (valueOf("--dbpath", command) !== dataFolder) return undefined;
  return {
    identity,
    port: Number(valueOf("--port", command) ?? 27017),
    keyFile: valueOf("--keyFile", command) ?? null,
  };
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
