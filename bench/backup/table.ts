import { formatDuration, formatSize } from "../../infra/support";
import type { Runs } from "./measured";

/** A figure that must lie between bounds. */
export interface Promised {
  what: string;
  seen: number;
  atLeast?: number;
  atMost?: number;
}

const memoryLimit = 220e6;

/** One line for each side: medians, and the highest peak of memory. */
export function tableOfRuns(runs: Runs): string {
  const lines = runs.names.map((name) => [
    name,
    formatDuration(runs.median(name, "ms")),
    or("", runs.median(name, "bytes"), formatSize),
    or("", runs.median(name, "cpuMs"), formatDuration),
    or("", runs.peak(name), formatSize),
  ]);
  return table([["what", "time", "size", "its CPU", "peak memory"], ...lines]);
}

/** One line for each promise, and whether it was kept. */
export function tableOfPromises(promised: readonly Promised[]): string {
  const lines = promised.map(({ what, seen, atLeast, atMost }) => {
    const bounds = [
      ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
      ...(atMost === undefined ? [] : [`at most ${atMost}`]),
    ];
    const kept = seen >= (atLeast ?? -Infinity) && seen <= (atMost ?? Infinity);
    return [what, seen.toFixed(2), bounds.join(", "), kept ? "yes" : "no"];
  });
  return table([["what", "times", "target", "kept"], ...lines]);
}

/** The memory of each of our own sides against what it may take. */
export function memoryPromises(runs: Runs): Promised[] {
  const own = runs.names.filter((name) => /^(dump|restore),/.test(name));
  return own.map((name) => ({
    what: `${name}: memory of ${formatSize(memoryLimit)}`,
    seen: runs.peak(name) / memoryLimit,
    atMost: 1,
  }));
}

function or(empty: string, value: number, format: (value: number) => string): string {
  return value > 0 ? format(value) : empty;
}

function table(lines: string[][]): string {
  const [head = []] = lines;
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const print = (line: string[]) => `| ${line.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [print(head), rule, ...lines.slice(1).map(print)].join("\n");
}
