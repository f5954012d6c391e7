import { readlinkSync } from "node:fs";
import { hostname, userInfo } from "node:os";

/** Who runs and where, as journal and lock keep it. */
export function runner(): { by: string; host: string } {
  return { by: userName(), host: hostname() };
}

/**
 * Where process ids mean the same as here: containers may share a host's name and not its processes.
 * Outside Linux a host has one such space only.
 */
export function processSpace(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/** Whether a process of this process space lives; one that belongs to somebody else does. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return String(process.getuid?.() ?? "unknown");
  }
}
