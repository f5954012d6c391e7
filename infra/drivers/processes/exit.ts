import { readFileSync } from "node:fs";
import type { MachineExit } from "./contract";
import { lastLines } from "./log-file";

/** How often the kernel has ended a process for want of memory; undefined where it does not tell. */
export function kernelOomKills(): number | undefined {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "latin1"))?.[1];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  asked: boolean;
  log: string;
  /** `kernelOomKills` at the launch. */
  oomKillsBefore: number | undefined;
}

/** What is known of a machine's end, and whether want of memory was the reason. */
export async function describeExit(ending: Ending): Promise<MachineExit> {
  const { code, signal, asked } = ending;
  return { code, signal, asked, oom: !asked && (await ranOutOfMemory(ending)), at: new Date().toISOString() };
}

async function ranOutOfMemory(ending: Ending): Promise<boolean> {
  if (ending.signal === "SIGKILL") {
    const now = kernelOomKills();
    return now !== undefined && ending.oomKillsBefore !== undefined && now > ending.oomKillsBefore;
  }
  if (ending.signal !== "SIGABRT" && ending.code !== 134) return false;
  const lines = await lastLines(ending.log, 60);
  return lines.some((line) => /heap out of memory|allocation failed/i.test(line));
}

/** An end in words: "exited with code 1", "was ended by SIGKILL (out of memory)". */
export function exitInWords(exit: MachineExit): string {
  const why = exit.oom ? " (out of memory)" : "";
  if (exit.signal) return `was ended by ${exit.signal}${why}`;
  if (exit.code === null) return "ended while nobody watched";
  return `exited with code ${exit.code}${why}`;
}
