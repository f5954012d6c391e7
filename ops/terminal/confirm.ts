import { createInterface } from "node:readline/promises";
import { OperatorError } from "../../infra/support";
import type { Terminal } from "./terminal";

export interface Question {
  /** What will be done, e.g. "destroy the stack staging". */
  action: string;
  /** What cannot be had back, as full sentences. */
  loss: string;
  /** The word that has to be typed; without one a plain y does. */
  word?: string;
  /** `--yes` was given. */
  yes: boolean;
}

/** Goes on when confirmed; nobody is asked where nobody can answer. */
export async function confirm(terminal: Terminal, question: Question, signal?: AbortSignal): Promise<void> {
  if (question.yes) return;
  if (!terminal.interactive || terminal.json)
    throw refused(question, "Nobody can be asked here: add --yes to do it.");
  const expected = question.word ?? "y";
  const answer = await ask(terminal, `${question.loss}\nType ${expected} to ${question.action}: `, signal);
  if (answer.trim() !== expected) throw refused(question, "Nothing was done.");
}

function refused(question: Question, remedy: string): OperatorError {
  return new OperatorError({
    code: "not-confirmed",
    kind: "refused",
    message: `not confirmed: ${question.action}. ${question.loss}`,
    remedy,
  });
}

async function ask(terminal: Terminal, text: string, signal?: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: terminal.err });
  try {
    return await lines.question(text, signal ? { signal } : {});
  } finally {
    lines.close();
  }
}
