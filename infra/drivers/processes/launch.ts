import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Writable } from "node:stream";
import type { MachineEnv } from "./contract";
import { identify, type ProcessIdentity } from "./process-identity";

/** A process that waits, holding the place of the program that it becomes on `go`. */
export interface HeldProcess {
  child: ChildProcess;
  identity: ProcessIdentity;
  go(): void;
  /** Ends it instead. */
  drop(): void;
}

// Waits for a line on descriptor 3 and becomes the program, under the same pid. If whoever spawned it dies first
// the descriptor ends and so does the process: there is never a machine that nobody wrote down.
const gate = 'read -r go <&3 || exit 75; exec 3<&-; exec "$@"';

export interface Launch {
  command: string[];
  cwd: string;
  env: MachineEnv;
  log: string;
}

/** Starts a process in a group of its own that does nothing until it is told to go. */
export async function holdProcess(launch: Launch): Promise<HeldProcess> {
  const log = openSync(launch.log, "a", 0o600);
  try {
    const child = spawn("/bin/sh", ["-c", gate, "machine", ...launch.command], {
      cwd: launch.cwd,
      env: { ...inherited(), ...launch.env },
      detached: true,
      stdio: ["ignore", log, log, "pipe"],
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    const identity = identify(child.pid ?? 0);
    if (!identity) throw new Error(`the process for ${launch.command[0]} ended before it began`);
    const latch = child.stdio[3] as Writable;
    latch.on("error", () => undefined);
    return { child, identity, go: () => void latch.end("go\n"), drop: () => void latch.end() };
  } finally {
    closeSync(log);
  }
}

const harmless = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"];

/** A machine sees its own environment and nothing else of whoever happened to start the daemon. */
export function inherited(): MachineEnv {
  const found: MachineEnv = {};
  for (const name of harmless) {
    const value = process.env[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
