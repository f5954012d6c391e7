import { readFileSync } from "node:fs";

/**
 * The most memory that this process has held. Linux keeps the figure of `getrusage` across the start of a program, so a child of a
 * large process would be told its parent's; that of /proc begins with the program.
 */
export function peakMemory(): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kilobytes) return Number(kilobytes) * 1024;
  } catch {
    // Elsewhere there is no such file.
  }
  return process.resourceUsage().maxRSS * 1024;
}
