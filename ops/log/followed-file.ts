import { open, stat } from "node:fs/promises";
import { readLine, type LogLine } from "./line";

const chunkBytes = 1_000_000;

/** A log that is read on from where it was read to; one that was emptied, as when it had grown large, from its beginning. */
export class FollowedFile {
  private offset = 0;
  private rest = "";
  private last: Partial<LogLine> = {};
  private readonly decoder = new TextDecoder();

  constructor(
    readonly path: string,
    private readonly machine: string,
  ) {}

  /** The whole lines that are new. */
  async read(): Promise<LogLine[]> {
    const size = await stat(this.path).then(
      (found) => found.size,
      () => undefined,
    );
    if (size === undefined) return [];
    if (size < this.offset) this.begin();
    const lines: LogLine[] = [];
    while (this.offset < size) {
      const text = await this.chunk(Math.min(chunkBytes, size - this.offset));
      if (text === undefined) break;
      const parts = (this.rest + text).split("\n");
      this.rest = parts.pop() ?? "";
      for (const part of parts) if (part.trim() !== "") lines.push(this.line(part));
    }
    return lines;
  }

  private begin(): void {
    this.offset = 0;
    this.rest = "";
    this.last = {};
  }

  private async chunk(bytes: number): Promise<string | undefined> {
    const file = await open(this.path, "r").catch(() => undefined);
    if (!file) return undefined;
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, this.offset);
      if (bytesRead === 0) return undefined;
      this.offset += bytesRead;
      return this.decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
    } finally {
      await file.close();
    }
  }

  /** A line without time and level, as of a stack trace, is of the line before. */
  private line(raw: string): LogLine {
    const line = readLine(raw, this.machine, this.last);
    this.last = { at: line.at, level: line.level };
    return line;
  }
}
