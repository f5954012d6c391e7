import { Writable } from "node:stream";
import { OperatorError } from "../../infra/support";
import { performCommand, type Typed } from "../perform-command";
import type { Terminal } from "../terminal";

/** What a command answered: its code, its one document, and what it said beside it. */
export interface Asked {
  code: number;
  document: Record<string, unknown>;
  /** The last thing it complained of; empty where it did not. */
  complaint: string;
}

/** Performs another command as a round's step: as somebody would type it with `--json`. */
export async function ask(typed: Typed, outer: Terminal): Promise<Asked> {
  const said: string[] = [];
  const terminal: Terminal = {
    out: collecting(said),
    err: outer.err,
    interactive: false,
    color: false,
    json: true,
    say: (line) => outer.say(`    ${line}`),
  };
  try {
    const code = await performCommand({ ...typed, argv: [...typed.argv, "--json"] }, terminal);
    return { code, document: documentOf(said.join("")), complaint: "" };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const [message = "", remedy = ""] = error.message.split("\n  ");
    return { code: error.exitCode, document: {}, complaint: [message, remedy].join(" ").trim() };
  }
}

function collecting(said: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      said.push(String(chunk));
      done();
    },
  });
}

function documentOf(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
