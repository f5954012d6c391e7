import { formatDuration } from "../../infra/support";
import type { OperationResult } from "../engine";
import type { Board } from "./board";

const signs = { waiting: "·", working: "…", done: "✓", unchanged: "=", failed: "✗" } as const;

/** The pipeline as a list, one line a step, no line longer than the terminal is wide nor more than it is high. */
export function boardLines(board: Board, width = 100, height?: number): string[] {
  const rows = board.rows(height);
  const longest = Math.max(...rows.map(({ name }) => name.length));
  return rows.map((row) => {
    const ms = board.elapsed(row);
    const time = row.state === "unchanged" || ms === null ? "" : formatDuration(ms);
    const detail = row.state === "unchanged" ? "unchanged" : row.said;
    return `${signs[row.state]} ${row.name.padEnd(longest)} ${time.padStart(7)}  ${detail}`
      .trimEnd()
      .slice(0, width);
  });
}

/** What came of it: what is to be mended, how long it took, and where to look. */
export function verdictLines({
  operation,
  stack,
  result,
  diagnostics,
  outputs,
  duration,
}: OperationResult): string[] {
  const told = diagnostics.filter(({ severity }) => severity === "error" || severity === "warning");
  const places = [
    ["app", outputs.url],
    ["dashboard", outputs.dashboardUrl],
  ];
  return [
    ...told.map(({ severity, message }) => `${severity}: ${message.trim()}`),
    `${operation} of ${stack} ${result} in ${formatDuration(duration / 1e6)}`,
    ...places.flatMap(([name, place]) => (typeof place === "string" ? [`${String(name)}: ${place}`] : [])),
  ];
}

/** The same below the list as it stands. */
export function summaryLines(result: OperationResult, board: Board, width?: number): string[] {
  return [...boardLines(board, width), ...verdictLines(result)];
}
