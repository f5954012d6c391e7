import { setTimeout as sleep } from "node:timers/promises";
import { formatDuration, messageOf, OperatorError } from "../../infra/support";
import { Interruption } from "../engine";
import { readerGone, type Terminal } from "../terminal";
import { Screen, type Picture } from "./screen";
import { statusLines, statusText, type Status } from "./text";

export interface Watching {
  look: (signal: AbortSignal) => Promise<Status>;
  pauseMs: number;
  terminal: Terminal;
}

/** What one look has shown, or why it could not be had. */
interface Seen {
  at: Date;
  /** The same moment by a clock that nobody sets. */
  since: number;
  status: Status | null;
  failure: string | null;
}

/** Looks again and again until somebody ends it; a look that fails is shown, and the next one may not. */
export async function watch({ look, pauseMs, terminal }: Watching): Promise<number> {
  const interruption = new Interruption(() => undefined);
  const signal = AbortSignal.any([interruption.signal, readerGone(terminal)]);
  const view = terminal.interactive && !terminal.json ? drawn(terminal, pauseMs) : printed(terminal);
  let code = 0;
  try {
    for (let first = true; !signal.aborted; first = false) {
      const seen = await unlessEnded(seenBy(look, signal, first), signal);
      if (!seen) break;
      code = seen.status?.problems.length === 0 ? 0 : 1;
      view.show(seen);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
    return code;
  } finally {
    view.release();
    interruption.release();
  }
}

/** What was wrong from the beginning, as settings are, mends itself by no waiting. */
async function seenBy(look: Watching["look"], signal: AbortSignal, first: boolean): Promise<Seen> {
  try {
    return { status: await look(signal), failure: null, ...moment() };
  } catch (error) {
    if (first || !(error instanceof OperatorError)) throw error;
    return { status: null, failure: messageOf(error), ...moment() };
  }
}

function moment(): Pick<Seen, "at" | "since"> {
  return { at: new Date(), since: performance.now() };
}

/** Ends with the signal, whatever still waits for an answer. */
async function unlessEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const ended = new Promise<undefined>((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const result = await Promise.race([work, ended]);
  work.catch(() => undefined);
  return result;
}

interface View {
  show(seen: Seen): void;
  release(): void;
}

/** Where nothing is redrawn, each look stands below the one before, with its moment. */
function printed({ json, out }: Terminal): View {
  const document = ({ at, status, failure }: Seen) =>
    JSON.stringify({ at: at.toISOString(), ...(status ?? { error: failure }) });
  const text = ({ at, status, failure }: Seen) =>
    `--- ${at.toISOString()}\n${status ? statusText(status) : (failure ?? "")}`;
  return {
    show: (seen) => void out.write(`${json ? document(seen) : text(seen)}\n`),
    release: () => undefined,
  };
}

/** How old the picture is counts on: who looks at it sees whether it still lives. */
function drawn({ out }: Terminal, pauseMs: number): View {
  const screen = new Screen(out);
  let latest: Seen | undefined;
  const draw = () => screen.show(pictureOf(latest, pauseMs));
  const ticking = setInterval(draw, 1000);
  draw();
  return {
    show: (seen) => {
      latest = seen;
      draw();
    },
    release: () => {
      clearInterval(ticking);
      screen.release();
    },
  };
}

function pictureOf(seen: Seen | undefined, pauseMs: number): Picture {
  const usual = `every ${formatDuration(pauseMs)}, Ctrl-C ends`;
  if (!seen) return { head: `looking for the first time; ${usual}`, problems: [], facts: [] };
  const seconds = Math.floor((performance.now() - seen.since) / 1000);
  const age = seconds < 1 ? "now" : `${formatDuration(seconds * 1000)} ago`;
  const head = `${seen.at.toISOString().slice(0, 19)}Z, ${age}; ${usual}`;
  if (!seen.status) return { head, problems: [seen.failure ?? ""], facts: [] };
  return { head, problems: seen.status.problems, facts: statusLines(seen.status) };
}
