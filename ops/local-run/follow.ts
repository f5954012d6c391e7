import { OperatorError, formatDuration, type Progress } from "../../infra/support";
import { partsOfUrn, shortName, type OperationEvent, type OperationResult } from "../engine";
import type { Terminal } from "../terminal";

const done: Record<string, string> = {
  create: "created",
  update: "updated",
  delete: "stopped",
  "create-replacement": "made anew",
  "delete-replaced": "old one removed",
};

/** Shows what an operation does as the progress of one step, and every change that is done as a line. */
export function follow(terminal: Terminal, progress: Progress): (event: OperationEvent) => void {
  return (event) => {
    if (event.kind === "step-started" && isOurs(event.urn)) progress(shortName(event.urn));
    if (event.kind === "progress") progress(`${shortName(event.urn)}: ${event.message}`);
    if (event.kind === "step-done" && isOurs(event.urn) && !event.failed) {
      const verb = done[event.op];
      if (verb) terminal.say(`  ${shortName(event.urn)} ${verb} (${formatDuration(event.durationMs)})`);
    }
  };
}

/** How many of what, in a few words. */
export function countsOf(result: OperationResult): string {
  const changed = Object.entries(result.changeSummary).filter(([op, count]) => op !== "same" && count > 0);
  const same = result.changeSummary.same ?? 0;
  if (changed.length === 0) return `nothing changed, ${same} unchanged`;
  return [...changed.map(([op, count]) => `${op} ${count}`), ...(same > 0 ? [`${same} unchanged`] : [])].join(
    ", ",
  );
}

/** An operation that did not succeed, as the error that ends the command. */
export function requireSuccess(result: OperationResult, again: string): OperationResult {
  if (result.result === "succeeded") return result;
  const interrupted = result.result === "interrupted";
  const errors = result.diagnostics.filter(({ severity }) => severity === "error");
  const told = errors.map(({ urn, message }) => (urn ? `${shortName(urn)}: ${message}` : message));
  throw new OperatorError({
    code: interrupted ? "interrupted" : "operation-failed",
    kind: interrupted ? "interrupted" : "failed",
    message: [
      interrupted ? "interrupted" : `${result.operation} of the local stack failed`,
      ...new Set(told),
    ].join("\n"),
    remedy: `Then run \`${again}\` again: it carries on from what is there.`,
  });
}

/** Resources that a person knows: not the stack itself, nor providers, nor components. */
function isOurs(urn: string): boolean {
  const { type } = partsOfUrn(urn);
  return !type.startsWith("pulumi:") && !/^dnd:/.test(type);
}
