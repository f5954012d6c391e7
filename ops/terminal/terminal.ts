import type { Writable } from "node:stream";

/** Where a command speaks: its result on `out`, everything else on `err`. */
export interface Terminal {
  out: Writable;
  err: Writable;
  /** A person can be asked and a line can be redrawn. */
  interactive: boolean;
  color: boolean;
  /** One JSON document on `out`, and nothing else there. */
  json: boolean;
  say(line: string): void;
}

/** The terminal of this process. */
export function openTerminal(json: boolean): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const colorful = stderr.isTTY && env.TERM !== "dumb" && !env.CI;
  return {
    out: stdout,
    err: stderr,
    interactive: Boolean(stdin.isTTY && stderr.isTTY && !env.CI),
    color: env.NO_COLOR ? false : colorful || Boolean(env.FORCE_COLOR),
    json,
    say: (line) => void stderr.write(`${line}\n`),
  };
}

/** Fires when nobody reads any more what is printed, as behind `| head`: what would never end by itself ends then. */
export function readerGone({ out }: Terminal): AbortSignal {
  const gone = new AbortController();
  out.once("error", () => gone.abort());
  return gone.signal;
}

/** Prints a command's result: the JSON document, or the text for people. */
export function printResult(terminal: Terminal, document: unknown, text: () => string): void {
  terminal.out.write(`${terminal.json ? JSON.stringify(document, null, 2) : text()}\n`);
}
