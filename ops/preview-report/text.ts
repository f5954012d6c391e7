import type { PreviewReport } from "./report";
import { sectionsOf } from "./sections";

/** A report for the terminal. */
export function terminalText(report: PreviewReport): string {
  const parts = sectionsOf(report).map(({ title, lines }) =>
    [title, ...lines.map((line) => `  ${line}`)].join("\n"),
  );
  return [`What an up would do to ${report.stack}`, ...parts].join("\n\n");
}

const longest = 60_000;

/** A report as a pull request shows it; a comment takes no more than 65536 characters. */
export function markdownText(report: PreviewReport): string {
  const parts = sectionsOf(report).map(({ title, lines, verbatim }) => {
    const body = verbatim ? fenced(lines) : lines.map((line) => `- ${escaped(line)}`).join("\n");
    return `#### ${title}\n\n${body}`;
  });
  const verdict = report.errors.length > 0 ? " :x:" : report.risks.length > 0 ? " :warning:" : "";
  const text = [`### What this would do to ${escaped(report.stack)}${verdict}`, ...parts].join("\n\n");
  return text.length > longest
    ? `${text.slice(0, longest)}\n\n… the rest is in the log of the workflow`
    : text;
}

/** A fence longer than any in the text, for nothing in it may end it. */
function fenced(lines: readonly string[]): string {
  const text = lines.join("\n");
  const ticks = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1;
  const fence = "`".repeat(ticks);
  return `${fence}text\n${text}\n${fence}`;
}

/** Names, mentions and tags of others' texts are shown and not obeyed. */
function escaped(line: string): string {
  return line
    .replace(/\s*\n\s*/g, " / ")
    .replace(/[\\`*_{}[\]<>#|]/g, (sign) => `\\${sign}`)
    .replace(/@(?=\w)/g, "@\u200b");
}
