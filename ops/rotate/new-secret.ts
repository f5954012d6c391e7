import { addAbortSignal } from "node:stream";
import { Secret } from "../../infra/support";
import { usageOf } from "../actions";
import { askSecret, type Terminal } from "../terminal";

const longestBytes = 100_000;
const patienceMs = 30_000;

/** The new secret: from its variable, from standard input, or as a person types it; never from an argument. */
export async function newSecret(variable: string, what: string, terminal: Terminal): Promise<Secret> {
  const given = process.env[variable] ?? (await fromInput());
  if (given !== undefined && given.trim() !== "") return new Secret(given.trim());
  const typed = await askSecret(terminal, `The new ${what}: `);
  if (typed && typed.reveal().trim() !== "") return typed;
  throw usageOf("ops")(`the new ${what} is not given: set ${variable}, or write it to standard input`);
}

/** What a pipe brings; one that stays open and brings nothing is as good as none. */
async function fromInput(): Promise<string | undefined> {
  if (process.stdin.isTTY) return undefined;
  let text = "";
  try {
    for await (const chunk of addAbortSignal(AbortSignal.timeout(patienceMs), process.stdin)) {
      text += String(chunk);
      if (text.length > longestBytes) break;
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === "AbortError")) throw error;
  }
  return text === "" ? undefined : text;
}
