import { closeSync, openSync, readSync } from "node:fs";

/** Reads the whole lines that another process appends to a file, as they come. */
export class LineFollower {
  private offset = 0;
  private rest = "";
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly path: string,
    private readonly onLine: (line: string) => void,
  ) {
    this.timer = setInterval(() => this.readOn(), 150);
    this.timer.unref();
  }

  /** Reads what is left and stops. */
  end(): void {
    clearInterval(this.timer);
    this.readOn();
  }

  private readOn(): void {
    const lines = (this.rest + this.appended()).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim()) this.onLine(line);
  }

  private appended(): string {
    let file: number;
    try {
      file = openSync(this.path, "r");
    } catch {
      // The other process has not made it yet.
      return "";
    }
    try {
      const chunks: Buffer[] = [];
      const buffer = Buffer.alloc(65_536);
      for (;;) {
        const count = readSync(file, buffer, 0, buffer.length, this.offset);
        if (count === 0) return this.decode(Buffer.concat(chunks));
        chunks.push(Buffer.from(buffer.subarray(0, count)));
        this.offset += count;
      }
    } finally {
      closeSync(file);
    }
  }

  private readonly decoder = new TextDecoder();

  private decode(bytes: Buffer): string {
    return this.decoder.decode(bytes, { stream: true });
  }
}
