import { formatDuration } from "../../support";
import { todosOf, type RoundReport } from "./report";

const signs = { ok: "✓", note: "·", act: "✗", unasked: "?" };

/** The report for people: first what has to be done, then everything that was looked at. */
export function markdownOf(report: RoundReport): string {
  const { round, stack, environment, day, by, host, startedAt, endedAt, steps } = report;
  const todos = todosOf(report);
  const took = endedAt === null ? null : Math.max(0, Date.parse(endedAt) - Date.parse(startedAt));
  return [
    `# ${titleOf(round)} round of ${stack}, ${day}`,
    "",
    `Environment ${environment}, made by ${by} on ${host} at ${startedAt}${took === null ? ", not ended" : `, took ${formatDuration(took)}`}.`,
    "",
    "## To be done",
    "",
    ...(todos.length === 0
      ? ["Nothing."]
      : todos.map(({ subject, found, todo }) => `- [ ] **${subject}**: ${line(found)} ${line(todo)}`)),
    ...steps.flatMap(({ title, findings }) => [
      "",
      `## ${title}`,
      "",
      ...findings.map(
        ({ state, subject, found, todo }) =>
          `- ${signs[state]} ${subject}: ${line(found)}${state === "note" && todo !== null ? ` ${line(todo)}` : ""}`,
      ),
    ]),
    "",
  ].join("\n");
}

function titleOf(round: string): string {
  return round.charAt(0).toUpperCase() + round.slice(1);
}

/** What a server said may have lines of its own, and signs that Markdown reads. */
function line(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, " ")
    .replaceAll(/([\\`*_<>[\]])/g, (sign) => (sign === "`" ? sign : `\\${sign}`));
}
