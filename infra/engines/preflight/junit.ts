import type { GateResult, PreflightReport } from "./run-gates";

/** The report in the form in which CI shows tests. */
export function junitOf({ environment, gates }: PreflightReport): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(3);
  const failures = gates.filter(({ stops }) => stops).length;
  const skipped = gates.filter(({ stops, state }) => !stops && state === "unknown").length;
  const time = seconds(gates.reduce((sum, { durationMs }) => sum + durationMs, 0));
  const counts = `tests="${gates.length}" failures="${failures}" skipped="${skipped}" time="${time}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite name="preflight ${escaped(environment)}" ${counts}>`,
    ...gates.map(
      (one) =>
        `  <testcase classname="preflight" name="${escaped(one.gate)}" time="${seconds(one.durationMs)}">${outcome(one)}</testcase>`,
    ),
    "</testsuite></testsuites>",
    "",
  ].join("\n");
}

function outcome({ state, stops, reason, remedy }: GateResult): string {
  const told = escaped([reason, remedy].filter(Boolean).join("\n"));
  if (stops) return `<failure type="${state}" message="${escaped(reason)}">${told}</failure>`;
  if (state === "unknown") return `<skipped message="${escaped(reason)}"/>`;
  return `<system-out>${escaped(state)}: ${told}</system-out>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replace(/[^\P{Cc}\n\t]/gu, "?");
}
