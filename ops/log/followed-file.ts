import { open, stat, type FileHandle } from "node:fs/promises";
import { readLine, type LogLine } from "./line";

const chunkBytes = 1_000_000;

/**
 * A log that is read on from where it was read to. One that had grown large is read to its end where it was moved to,
 * then from its beginning; one that was removed with its machine is read to its end.
 */
export class FollowedFile {
  private open: { file: FileHandle; inode: number } | undefined;
  private offset = 0;
  private rest = "";
  private last: Partial<LogLine> = {};
  private decoder = new TextDecoder();

  constructor(
    readonly path: string,
    private readonly machine: string,
  ) {}

  /** The whole lines that are new. */
  async read(): Promise<LogLine[]> {
    const lines = await this.drained();
    const there = await inodeOf(this.path);
    if (there === this.open?.inode) return lines;
    await this.close();
    const file = await open(this.path, "r").catch(() => undefined);
    if (!file) return lines;
    this.open = { file, inode: (await file.stat()).ino };
    return lines.concat(await this.drained());
  }

  async close(): Promise<void> {
    await this.open?.file.close();
    this.open = undefined;
    this.begin();
    this.rest = "";
    this.last = {};
  }

  private begin(): void {
    this.offset = 0;
    this.decoder = new TextDecoder();
  }

  /** What has come to the file that is open. */
  private async drained(): Promise<LogLine[]> {
    if (!this.open) return [];
    const { file } = this.open;
    const { size } = await file.stat();
    if (size >= this.offset) return this.linesOf(file, size);
    const before = await this.movedAside();
    this.begin();
    return before.concat(await this.linesOf(file, size));
  }

  /** What the log had got between the last look and the moment at which it was moved. */
  private async movedAside(): Promise<LogLine[]> {
    const file = await open(`${this.path}.1`, "r").catch(() => undefined);
    try {
      const { size } = (await file?.stat()) ?? { size: 0 };
      if (file && size >= this.offset) return await this.linesOf(file, size);
    } finally {
      await file?.close();
    }
    // It was emptied by somebody, and what had begun there ends nowhere.
    this.rest = "";
    this.last = {};
    return [];
  }

  private async linesOf(file: FileHandle, size: number): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    while (this.offset < size) {
      const bytes = Math.min(chunkBytes, size - this.offset);
      const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, this.offset);
      if (bytesRead === 0) break;
      this.offset += bytesRead;
      const text = this.decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
      const parts = (this.rest + text).split("\n");
      this.rest = parts.pop() ?? "";
      for (const part of parts) if (part.trim() !== "") lines.push(this.line(part));
    }
    return lines;
  }

  /** A line without a time is of that of the line before; an indented one, as of a stack trace, of its level as well. */
  private line(raw: string): LogLine {
    const { at = null, level = null } = this.last;
    const line = readLine(raw, this.machine, { at, level: /^\s/.test(raw) ? level : null });
    this.last = { at: line.at, level: line.level };
    return line;
  }
}

function inodeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ ino }) => ino,
    () => undefined,
  );
}
