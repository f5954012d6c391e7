import type { OperationView, Row } from "./operation-view";
import type { Paint } from "./palette";
import { isHalfStep, stepTime, stepWords, wholeSeconds } from "./step-words";

export interface TreeOptions {
  paint: Paint;
  /** Whether resources that nothing happens to are shown too. */
  showSames: boolean;
  now: number;
}

interface Line {
  row: Row;
  branch: string;
}

/** The tree of resources: operation, type, name, status and what is to know of each. */
export function treeLines(view: OperationView, options: TreeOptions): string[] {
  const lines = branches(view, options.showSames);
  if (lines.length === 0) return [];
  const dryRun = view.operation?.dryRun ?? false;
  const cells = lines.map(({ row, branch }) => ({
    row,
    type: branch + row.type,
    status: statusOf(row, dryRun, options.now),
    info: infoOf(row),
  }));
  const typeWidth = Math.max(4, ...cells.map((cell) => cell.type.length));
  const nameWidth = Math.max(4, ...cells.map((cell) => cell.row.name.length));
  const statusWidth = Math.max(dryRun ? 4 : 6, ...cells.map((cell) => cell.status.length));
  const title = `     ${"Type".padEnd(typeWidth)}  ${"Name".padEnd(nameWidth)}  ${(dryRun ? "Plan" : "Status").padEnd(statusWidth)}  Info`;
  return [
    options.paint(title, "bold"),
    ...cells.map(({ row, type, status, info }) => {
      const words = stepWords[row.step ?? "same"];
      const mark = words.done ? options.paint(` ${words.symbol} `, words.colour) : "    ";
      const painted = options.paint(
        status.padEnd(statusWidth),
        row.state === "failed" ? "red" : words.colour,
      );
      return `${mark} ${type.padEnd(typeWidth)}  ${row.name.padEnd(nameWidth)}  ${painted}  ${info}`.trimEnd();
    }),
  ];
}

function branches(view: OperationView, showSames: boolean): Line[] {
  const root = view.root;
  const children = new Map<Row | undefined, Row[]>();
  for (const row of view.rows.values()) {
    if (row === root) continue;
    const parent = (row.parent ? view.rows.get(row.parent) : undefined) ?? root;
    children.set(parent, [...(children.get(parent) ?? []), row]);
  }
  const isShown = (row: Row): boolean => isTold(row, showSames) || (children.get(row) ?? []).some(isShown);
  const below = (parent: Row | undefined, indent: string): Line[] => {
    const shown = (children.get(parent) ?? []).filter(isShown);
    return shown.flatMap((row, index) => {
      const last = index === shown.length - 1;
      return [
        { row, branch: `${indent}${last ? "└─" : "├─"} ` },
        ...below(row, `${indent}${last ? "   " : "│  "}`),
      ];
    });
  };
  return [...(root ? [{ row: root, branch: "" }] : []), ...below(root, "")];
}

function isTold(row: Row, showSames: boolean): boolean {
  if (row.type.startsWith("pulumi:providers:") && row.state !== "failed" && !saysSomething(row))
    return showSames;
  return showSames || row.state === "running" || (row.step ?? "same") !== "same" || saysSomething(row);
}

function saysSomething(row: Row): boolean {
  return Object.values(row.messages).some((list) => list.length > 0);
}

/** "create" in a preview, else "creating (3s)" and "created (3s)". */
export function statusOf(row: Row, dryRun: boolean, now: number): string {
  const words = stepWords[row.step ?? "same"];
  if (row.state === "failed") return `**${words.doing || "update"} failed**`;
  if (words.done === "" || row.state === "waiting") return "";
  if (dryRun) return words.plan;
  if (row.state === "running") return `${words.doing} (${wholeSeconds(Math.max(0, now - row.startedAt))})`;
  return `${words.done} (${stepTime(row.durationMs)})`;
}

/** The difference, and what the resource said. */
export function infoOf(row: Row): string {
  const last = row.messages.error.at(-1) ?? row.messages.warning.at(-1);
  const word = row.messages.error.length > 0 ? "error: " : "warning: ";
  const said =
    row.progress || (last === undefined ? countOf(row.messages.info.length) : word + firstLine(last));
  const diff = row.step && isHalfStep(row.step) ? "" : row.diff;
  return [diff, said].filter(Boolean).join("; ");
}

const countOf = (count: number) => (count === 0 ? "" : `${count} message${count === 1 ? "" : "s"}`);

/** The first line of a message that has something on it. */
export function firstLine(text: string): string {
  return text.split("\n").find((line) => line.trim() !== "") ?? "";
}
