import type { MetricRow } from "../stats";

const columns = [
  "timestamp",
  "environment",
  "deploymentId",
  "phase",
  "status",
  "duration",
  "name",
  "value",
  "release",
  "labels",
] as const;

/** Rows as a table for a spreadsheet, after RFC 4180; no cell can become a formula there. */
export function csvOf(rows: readonly MetricRow[]): string {
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(","));
  return [columns.join(","), ...lines, ""].join("\r\n");
}

function cell(value: MetricRow[(typeof columns)[number]]): string {
  if (value === null) return "";
  // A number cannot carry a formula, not even one below zero.
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" ? value : labelsOf(value);
  const harmless = /^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function labelsOf(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}
