import type { OperationEvent, OperationResult } from "../engine";
import type { Terminal } from "../terminal";
import { Board } from "./board";
import { boardLines, summaryLines } from "./lines";

const redrawMs = 150;

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
  github?: boolean;
}

/**
 * On a terminal the pipeline is a list that is redrawn; elsewhere the engine says its lines, in a group of the log on
 * GitHub, and the list stands below them.
 */
export function showPipeline(terminal: Terminal, { title, detailed, github = onGitHub() }: Wanted): Shown {
  const out = terminal.json ? terminal.err : terminal.out;
  const board = new Board();
  const onEvent = (event: OperationEvent) => board.tell(event);
  const say = (line: string) => void out.write(`${line}\n`);
  if (terminal.interactive && !detailed && !terminal.json) {
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
      if (result) for (const line of summaryLines(result, board)) say(line);
    },
  };
}

function onGitHub(): boolean {
  return process.env.GITHUB_ACTIONS === "true";
}

const widthOf = () => (process.stderr.columns ?? 80) - 1;

/** Redraws the list in its place. */
class LiveList {
  private drawn = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly terminal: Terminal,
    private readonly board: Board,
  ) {
    this.timer = setInterval(() => this.draw(), redrawMs);
    this.timer.unref();
    this.draw();
  }

  /** Takes the list away: what came of it is said by whoever ends it. */
  end(): void {
    clearInterval(this.timer);
    this.terminal.err.write(this.back());
  }

  private draw(): void {
    const lines = boardLines(this.board, widthOf());
    this.terminal.err.write(this.back() + lines.map((line) => `${line}\n`).join(""));
    this.drawn = lines.length;
  }

  private back(): string {
    return this.drawn === 0 ? "" : `\u001b[${this.drawn}A\u001b[0J`;
  }
}
