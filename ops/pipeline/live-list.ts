import type { Terminal } from "../terminal";
import type { Board } from "./board";
import { boardLines } from "./lines";

const redrawMs = 150;

/** How many columns a line may have. */
export const widthOf = () => (process.stderr.columns ?? 80) - 1;
const heightOf = () => Math.max(3, (process.stderr.rows ?? 25) - 2);

/** The pipeline, redrawn in its place; what is said meanwhile stands above it. */
export class LiveList {
  private drawn = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly say: Terminal["say"];

  constructor(
    private readonly terminal: Terminal,
    private readonly board: Board,
  ) {
    this.say = terminal.say;
    terminal.say = (line) => {
      this.clear();
      this.say(line);
      this.draw();
    };
    this.timer = setInterval(() => this.draw(), redrawMs);
    this.timer.unref();
    this.draw();
  }

  /** Takes the list away: what came of it is said by whoever ends it. */
  end(): void {
    clearInterval(this.timer);
    this.terminal.say = this.say;
    this.clear();
  }

  private draw(): void {
    const lines = boardLines(this.board, widthOf(), heightOf());
    this.clear();
    this.terminal.err.write(lines.map((line) => `${line}\n`).join(""));
    this.drawn = lines.length;
  }

  private clear(): void {
    // From the first column: a ^C that was echoed has moved the cursor.
    if (this.drawn > 0) this.terminal.err.write(`\r\u001b[${this.drawn}A\u001b[0J`);
    this.drawn = 0;
  }
}
