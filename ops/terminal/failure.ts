import { OperatorError, messageOf } from "../../infra/support";
import type { Terminal } from "./terminal";

/** Tells of what was thrown and gives the exit code: what the operator can mend apart from a bug of ours. */
export function reportFailure(terminal: Terminal, error: unknown): number {
  if (error instanceof OperatorError) return reportMendable(terminal, error);
  if (isAbort(error)) return reportMendable(terminal, interrupted());
  const message = messageOf(error);
  if (terminal.json) printError(terminal, { code: "bug", message, remedy: bugRemedy });
  terminal.say(`this is a bug: ${message}\n  ${bugRemedy}`);
  if (process.env.DEBUG && error instanceof Error) terminal.say(error.stack ?? "");
  return 1;
}

const bugRemedy =
  "Report it with the command you ran and the output of the same command with DEBUG=1 before it.";

function reportMendable(terminal: Terminal, error: OperatorError): number {
  if (terminal.json) {
    const message = error.message.replace(`\n  ${error.remedy}`, "");
    printError(terminal, { code: error.code, message, remedy: error.remedy });
  }
  terminal.say(`error: ${error.message}`);
  if (process.env.DEBUG) terminal.say(error.stack ?? "");
  return error.exitCode;
}

function printError(terminal: Terminal, error: { code: string; message: string; remedy: string }): void {
  terminal.out.write(`${JSON.stringify({ error }, null, 2)}\n`);
}

function interrupted(): OperatorError {
  return new OperatorError({
    code: "interrupted",
    kind: "interrupted",
    message: "interrupted",
    remedy: "Run the command again: it carries on from what is there.",
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
