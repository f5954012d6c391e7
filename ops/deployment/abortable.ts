import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWord, wordFile, type ErrorKind } from "../../infra/support";

/** Stops an operation by a signal: the providers run in processes of their own and watch for a file. */
export class Abortable {
  private readonly folder = mkdtempSync(join(tmpdir(), "dnd-deployment-"));
  private readonly tell = () => writeFileSync(join(this.folder, "stop"), "");
  /** Nothing but the end of this process kills. */
  readonly kill = new AbortController().signal;

  constructor(readonly signal: AbortSignal) {
    if (signal.aborted) this.tell();
    else signal.addEventListener("abort", this.tell, { once: true });
  }

  get env(): Record<string, string> {
    return { DND_INTERRUPT_FILE: join(this.folder, "stop"), [wordFile]: join(this.folder, "word") };
  }

  get told(): ErrorKind | undefined {
    return readWord(join(this.folder, "word"));
  }

  release(): void {
    this.signal.removeEventListener("abort", this.tell);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
