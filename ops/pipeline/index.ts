import type { OperationEvent, OperationResult } from "../engine";
import type { Terminal } from "../terminal";
import { Board } from "./board";
import { summaryLines, verdictLines } from "./lines";
import { LiveList, widthOf } from "./live-list";

/** How an operation is shown while it runs and when it has ended. */
export interface Shown {
  /** Where the engine's own words go; undefined where the list stands in their place. */
  display: NodeJS.WritableStream | undefined;
  onEvent(event: OperationEvent): void;
  /** Undefined where the operation came to no result. */
  end(result?: OperationResult): void;
}

interface Wanted {
  title: string;
  /** What the engine shows has more in it than the list. */
  detailed: boolean;
  /** Where it is shown, unless where a result belongs. */
  out?: NodeJS.WritableStream;
  github?: boolean;
}

/** Shows an operation from its beginning to its end, whichever that is. */
export async function whileShown(
  terminal: Terminal,
  wanted: Wanted,
  run: (shown: Shown) => Promise<OperationResult>,
): Promise<OperationResult> {
  const shown = showPipeline(terminal, wanted);
  let result: OperationResult | undefined;
  try {
    result = await run(shown);
    return result;
  } finally {
    shown.end(result);
  }
}

/**
 * On a terminal the pipeline is a list that is redrawn; elsewhere the engine says its lines, in a group of the log on
 * GitHub, and what came of it stands below them.
 */
export function showPipeline(terminal: Terminal, wanted: Wanted): Shown {
  const { title, detailed, github = onGitHub() } = wanted;
  const out = wanted.out ?? (terminal.json ? terminal.err : terminal.out);
  const board = new Board();
  const onEvent = (event: OperationEvent) => board.tell(event);
  const say = (line: string) => void out.write(`${line}\n`);
  if (!detailed && canRedraw(terminal)) {
    const list = new LiveList(terminal, board);
    return {
      display: undefined,
      onEvent,
      end(result) {
        list.end();
        if (result) for (const line of summaryLines(result, board, widthOf())) say(line);
      },
    };
  }
  if (!github) return { display: out, onEvent, end: () => undefined };
  say(`::group::${title}`);
  return {
    display: out,
    onEvent,
    end(result) {
      say("::endgroup::");
      if (!result) return;
      for (const line of detailed ? verdictLines(result) : summaryLines(result, board)) say(line);
    },
  };
}

function canRedraw({ interactive, json }: Terminal): boolean {
  return interactive && !json && process.env.TERM !== "dumb";
}

function onGitHub(): boolean {
  return process.env.GITHUB_ACTIONS === "true";
}
