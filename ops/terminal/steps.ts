import { formatDuration, formatSize, messageOf, type Progress } from "../../infra/support";
import type { Terminal } from "./terminal";

/** A step's work tells of its progress and may return a word about its result. */
export type StepWork<T> = (progress: Progress) => Promise<T>;

const quietMs = 2000;

/** Shows one step after the other, each with its time, and how far it is when it takes longer. */
export class Steps {
  constructor(private readonly terminal: Terminal) {}

  async run<T>(
    name: string,
    work: StepWork<T>,
    told: (result: T) => string,
    good: (result: T) => boolean = () => true,
  ): Promise<T> {
    const started = performance.now();
    const line = new StepLine(this.terminal, name, started);
    try {
      const result = await work(line.progress);
      line.end(good(result) ? "✓" : "✗", told(result));
      return result;
    } catch (error) {
      line.end("✗", messageOf(error).split("\n")[0] ?? "failed");
      throw error;
    }
  }
}

/** Redraws its line on a terminal; elsewhere says a line every two seconds at most. */
class StepLine {
  private latest = "";
  private saidAt: number;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly terminal: Terminal,
    private readonly name: string,
    private readonly started: number,
  ) {
    this.saidAt = started;
    if (terminal.interactive) {
      this.timer = setInterval(() => this.redraw(), 150);
      this.timer.unref();
    }
  }

  readonly progress: Progress = (message, done) => {
    this.latest = done ? `${bar(done.current, done.total)} ${amount(done)} ${message}` : message;
    if (this.terminal.interactive || performance.now() - this.saidAt < quietMs) return;
    this.saidAt = performance.now();
    this.terminal.say(`  ${this.name}: ${done ? `${amount(done)} ` : ""}${message}`);
  };

  end(sign: string, detail: string): void {
    clearInterval(this.timer);
    if (this.terminal.interactive) this.terminal.err.write("\r\u001b[2K");
    const took = formatDuration(performance.now() - this.started);
    this.terminal.say(`${sign} ${this.name.padEnd(14)} ${took.padStart(7)}  ${detail}`);
  }

  private redraw(): void {
    const elapsed = performance.now() - this.started;
    const text = elapsed < quietMs ? "" : ` ${formatDuration(elapsed)}  ${this.latest}`;
    const width = (process.stderr.columns ?? 80) - 1;
    this.terminal.err.write(`\r\u001b[2K${`… ${this.name}${text}`.slice(0, width)}`);
  }
}

function bar(current: number, total: number): string {
  const filled = total > 0 ? Math.min(20, Math.floor((current / total) * 20)) : 0;
  return `[${"█".repeat(filled)}${"░".repeat(20 - filled)}]`;
}

function amount({ current, total, unit }: { current: number; total: number; unit: string }): string {
  if (unit === "bytes") return `${formatSize(current)} of ${formatSize(total)}`;
  return `${current} of ${total} ${unit}`;
}
