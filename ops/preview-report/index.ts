import type { OperatorError } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import type { OperationResult } from "../engine";
import type { DatabaseOptions } from "../named-database";
import { foreseen } from "./from-steps";
import { reportOf } from "./judge";
import { lookAround } from "./known";
import type { PreviewReport } from "./report";
import { markdownText, terminalText } from "./text";

export type { PreviewReport } from "./report";

export type ReportForm = "text" | "json" | "markdown";

/** What a preview has found, with what is known of earlier releases, as one report. */
export async function previewReport(
  result: OperationResult,
  options: DatabaseOptions,
  settings: Settings,
): Promise<PreviewReport> {
  const seen = foreseen(result);
  const { unknown, ...known } = await lookAround(options, settings);
  const { stack, engine } = result;
  const told = { ...seen, warnings: [...seen.warnings, ...unknown] };
  return reportOf(told, { ...known, stack, engine, result: result.result });
}

/** The report of a preview that could not be made at all. */
export function refusedReport(stack: string, { message }: OperatorError): PreviewReport {
  return {
    ...{ version: 1, stack, engine: "none", result: "failed", release: null, expectedMs: null, risks: [] },
    infrastructure: { summary: {}, changes: [] },
    migrations: { pending: [], tried: [] },
    backup: { wanted: false, documents: null, bytes: null, expectedMs: null },
    rollback: { command: null, steps: [], expectedMs: null },
    errors: [message],
  };
}

export function reportText(report: PreviewReport, form: ReportForm): string {
  if (form === "json") return JSON.stringify(report, null, 2);
  return form === "markdown" ? markdownText(report) : terminalText(report);
}
