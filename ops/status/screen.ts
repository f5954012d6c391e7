import type { Writable } from "node:stream";

/** What a terminal of a size shows: problems before facts where not both have room, and no line broken in two. */
export interface Picture {
  head: string;
  problems: string[];
  facts: string[];
}

export interface Size {
  columns: number;
  rows: number;
}

/** A terminal that one picture after the other is drawn on, each over the one before. */
export class Screen {
  private latest: Picture | undefined;
  private readonly onResize = () => this.draw();

  constructor(private readonly out: Writable & { columns?: number; rows?: number }) {
    out.write("\x1b[2J");
    out.on("resize", this.onResize);
  }

  show(picture: Picture): void {
    this.latest = picture;
    this.draw();
  }

  release(): void {
    this.out.removeListener("resize", this.onResize);
  }

  private draw(): void {
    if (!this.latest) return;
    const { columns = 80, rows = 24 } = this.out;
    const lines = fitted(this.latest, { columns, rows: rows - 1 });
    // Line by line over what stands there: nothing flickers, and nothing of the picture before stays.
    this.out.write(`\x1b[H${lines.map((line) => `${line}\x1b[K\n`).join("")}\x1b[J`);
  }
}

/** The lines of a picture that a terminal has room for. */
export function fitted({ head, problems, facts }: Picture, { columns, rows }: Size): string[] {
  const ends = problems.length > 0 ? ["", "to be mended:", ...problems.map((one) => `  ${one}`)] : [];
  const all = [head, "", ...facts, ...ends];
  const cut = (line: string) =>
    line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
  if (all.length <= rows) return all.map(cut);
  const urgent = [head, ...ends, "", ...facts];
  const shown = urgent.slice(0, Math.max(1, rows - 1));
  return [...shown, `… ${urgent.length - shown.length} more lines`].slice(0, rows).map(cut);
}
