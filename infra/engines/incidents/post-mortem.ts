import type { Incident, TimelineEntry } from "./incident";
import { guidedPaths } from "./paths";
import { progressOf } from "./progress";

/** The skeleton of a post-mortem in Markdown: what is known stands there, what people must add is asked for. */
export function postMortem(incident: Incident, timeline: readonly TimelineEntry[], now: Date): string {
  const { _id, title, kind, startedAt, closedAt, by } = incident;
  const { minutes, targetMinutes, overTarget, steps } = progressOf(incident, now);
  const done = steps.filter(({ state }) => state === "done");
  return `# Incident ${_id}: ${cell(title)}

| | |
| --- | --- |
| Kind | ${guidedPaths[kind].title} |
| Began | ${startedAt.toISOString()} |
| Ended | ${closedAt?.toISOString() ?? "still open"} |
| Lasted | ${minutes} minutes, target ${targetMinutes}${overTarget ? ": over the target" : ""} |
| Led by | ${cell(by)} |

## Timeline

| At | Who | What |
| --- | --- | --- |
${timeline.map(({ at, by: who, kind: what, text }) => `| ${at.toISOString()} | ${cell(who)} | ${what}: ${cell(text)} |`).join("\n")}

## What was done of the guided path

${steps.map(({ name, what, state, late }) => `- [${state === "done" ? "x" : " "}] ${name}: ${what}${state === "failed" ? " (failed)" : ""}${state === "done" && late ? " (late)" : ""}`).join("\n")}

${done.length} of ${steps.length} steps.

## Impact

Who noticed, what did not work, what was lost?

## Cause

What was it, and why was it possible?

## What went well, what did not

## What will be different

| What | Who | Until |
| --- | --- | --- |
| | | |
`;
}

/** A line of a table is one line, and a bar would end the cell. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
}
