import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWord, wordFile, type ErrorKind } from "../../infra/support";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How an operator stops an operation: the first signal asks, the second one kills. */
export class Interruption {
  private readonly folder = mkdtempSync(join(tmpdir(), "dnd-interrupt-"));
  private readonly asked = new AbortController();
  private readonly killed = new AbortController();
  private readonly onSignal = () => this.interrupt();

  constructor(private readonly say: (line: string) => void) {
    for (const signal of signals) process.on(signal, this.onSignal);
  }

  /** Stop at the next safe point. */
  get signal(): AbortSignal {
    return this.asked.signal;
  }

  /** End now. */
  get kill(): AbortSignal {
    return this.killed.signal;
  }

  /** The providers run in processes of their own and watch for this file. */
  get env(): Record<string, string> {
    return { DND_INTERRUPT_FILE: this.file, [wordFile]: this.word };
  }

  /** What kind of failure the program of a stack gave up with, where it said so. */
  get told(): ErrorKind | undefined {
    return readWord(this.word);
  }

  interrupt(): void {
    if (this.asked.signal.aborted) {
      this.say("killed: the state may name an operation as pending; the next `up` looks at what is there");
      this.killed.abort();
      return;
    }
    this.say("stopping at the next safe point; once more kills");
    writeFileSync(this.file, "");
    this.asked.abort();
  }

  release(): void {
    for (const signal of signals) process.removeListener(signal, this.onSignal);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get word(): string {
    return join(this.folder, "word");
  }

  private get file(): string {
    return join(this.folder, "stop");
  }
}
