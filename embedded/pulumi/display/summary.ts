import type { StepKind } from "../deployment";
import type { OperationView, Row, Severity } from "./operation-view";
import type { Paint } from "./palette";
import { diffLines } from "./property-diff";
import { isHalfStep, stepWords, wholeSeconds } from "./step-words";

/** What stands below the tree: diagnostics, policies, outputs, counts and duration. */
export function summaryLines(view: OperationView, paint: Paint): string[] {
  const sections = [
    diagnostics(view, paint),
    policies(view, paint),
    outputs(view, paint),
    counts(view, paint),
    duration(view, paint),
  ];
  return sections.filter((section) => section.length > 0).flatMap((section) => [...section, ""]);
}

function diagnostics(view: OperationView, paint: Paint): string[] {
  const rows = [...view.rows.values()].filter((row) =>
    Object.values(row.messages).some((list) => list.length > 0),
  );
  const root = view.root;
  const owner = root ? `${root.type} (${root.name})` : "pulumi:pulumi:Stack";
  const general = view.general.length > 0 && !(root && rows.includes(root));
  if (rows.length === 0 && !general) return [];
  const own = (row: Row) => (row === root ? view.general : []);
  const blocks = rows.map((row) => [
    `  ${row.type} (${row.name}):`,
    ...[...messagesOf(row), ...own(row)].flatMap((one) => messageLines(one, paint)),
    "",
  ]);
  if (general)
    blocks.unshift([`  ${owner}:`, ...view.general.flatMap((one) => messageLines(one, paint)), ""]);
  return [paint("Diagnostics:", "bold"), ...blocks.flat()].slice(0, -1);
}

function messagesOf(row: Row): { severity: Severity; message: string }[] {
  return (["error", "warning", "info"] as const).flatMap((severity) =>
    row.messages[severity].map((message) => ({ severity, message })),
  );
}

function messageLines(
  { severity, message }: { severity: Severity; message: string },
  paint: Paint,
): string[] {
  const prefix = {
    info: "",
    warning: paint("warning: ", "yellow"),
    error: paint("error: ", "red"),
  }[severity];
  return message.split("\n").map((line, index) => `    ${index === 0 ? prefix : ""}${line}`);
}

function policies(view: OperationView, paint: Paint): string[] {
  if (view.policies.length === 0) return [];
  return [
    paint("Policy Violations:", "bold"),
    ...view.policies.flatMap(({ enforcement, pack, name, urn, message }) => {
      const row = urn ? view.rows.get(urn) : undefined;
      const where = row ? `  (${row.type}: ${row.name})` : "";
      const head = paint(`[${enforcement}]`, enforcement === "mandatory" ? "red" : "yellow");
      return [`    ${head}  ${pack}  ${name}${where}`, ...message.split("\n").map((line) => `    ${line}`)];
    }),
  ];
}

function outputs(view: OperationView, paint: Paint): string[] {
  if (!view.outputs || view.finished?.outcome !== "succeeded") return [];
  const showSame = !view.operation?.dryRun;
  const lines = diffLines(view.oldOutputs, view.outputs, { paint, blind: view.blind, indent: 2, showSame });
  return lines.length === 0 ? [] : [paint("Outputs:", "bold"), ...lines];
}

function counts(view: OperationView, paint: Paint): string[] {
  if (!view.finished) return [];
  const dryRun = view.operation?.dryRun ?? false;
  const { changes } = view.finished;
  const same = changes.same ?? 0;
  const changed = (Object.keys(stepWords) as StepKind[])
    .filter((step) => step !== "same" && !isHalfStep(step))
    .map((step) => [step, changes[step] ?? 0] as const)
    .filter(([, count]) => count > 0);
  const lines = changed.map(([step, count]) => {
    const { symbol, colour, plan, done } = stepWords[step];
    return `    ${paint(`${symbol}${count} ${dryRun ? `to ${plan}` : done}`, colour)}`;
  });
  const total = changed.reduce((sum, [, count]) => sum + count, 0);
  const pieces = [
    ...(changed.length > 1 ? [`${total} changes`] : []),
    ...(same > 0 ? [`${same} unchanged`] : []),
  ];
  if (pieces.length > 0) lines.push(`    ${pieces.join(". ")}`);
  const failed = [...view.rows.values()].filter((row) => row.state === "failed").length;
  if (failed > 0) lines.push(`    ${paint(`${failed} errored`, "red")}`);
  return lines.length === 0 ? [] : [paint("Resources:", "bold"), ...lines];
}

function duration(view: OperationView, paint: Paint): string[] {
  if (!view.finished) return [];
  const word = { succeeded: undefined, failed: "failed", interrupted: "interrupted" }[view.finished.outcome];
  const told = view.operation?.dryRun ? [] : [`Duration: ${wholeSeconds(view.finished.durationMs)}`];
  return word ? [paint(`The ${view.operation?.operation ?? "operation"} ${word}.`, "red"), ...told] : told;
}
