import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Secret } from "../../infra/support";
import type { Terminal } from "./terminal";

/** Asks for what nobody may see on the screen; undefined where nobody can be asked. */
export async function askSecret(terminal: Terminal, text: string): Promise<Secret | undefined> {
  if (!terminal.interactive || terminal.json) return undefined;
  terminal.err.write(text);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return new Secret(await lines.question(""));
  } finally {
    lines.close();
    terminal.err.write("\n");
  }
}
