import type { EngineEvent } from "../deployment";
import { OperationView } from "./operation-view";
import { isLive, paintWith, wantsColor, type Paint } from "./palette";
import { stepDetail } from "./step-detail";
import { stepWords } from "./step-words";
import { summaryLines } from "./summary";
import { firstLine, infoOf, statusOf, treeLines } from "./tree";

/** Where the display writes: a terminal is redrawn, anything else gets lines. */
export interface DisplayStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

export interface DisplayOptions {
  stream: DisplayStream;
  /** Defaults to what the stream and NO_COLOR say. */
  color?: boolean;
  /** Shows each step with all its properties in place of the tree. */
  diff?: boolean;
  showSames?: boolean;
  /** After so long a step that still works is told of again where nothing is redrawn; 30 s unless given. */
  stillEveryMs?: number;
  /** Secrets known beforehand, such as those of the settings: blotted out wherever they turn up. */
  secrets?: Iterable<string>;
}

/** Shows an operation while it runs. */
export interface ProgressDisplay {
  show(event: EngineEvent): void;
  /** Draws the last state and stops; also when no `finished` came. */
  end(): void;
}

const redrawMs = 100;
const plainProgressMs = 2000;
const stillEveryMs = 30_000;
const titles = {
  preview: "Previewing update",
  up: "Updating",
  refresh: "Refreshing",
  destroy: "Destroying",
  import: "Importing",
};

/** The display that fits the stream. */
export function progressDisplay(options: DisplayOptions): ProgressDisplay {
  const paint = paintWith(options.color ?? wantsColor(options.stream));
  const view = new OperationView(options.secrets);
  return isLive(options.stream) && !options.diff
    ? new LiveTree(view, options, paint)
    : new PlainLines(view, options, paint);
}

/** Shows a whole stream of events and ends with it. */
export async function showProgress(
  events: AsyncIterable<EngineEvent> | Iterable<EngineEvent>,
  options: DisplayOptions,
): Promise<void> {
  const display = progressDisplay(options);
  try {
    for await (const event of events) display.show(event);
  } finally {
    display.end();
  }
}

function titleOf({ operation }: OperationView, paint: Paint): string {
  if (!operation) return "";
  const title = operation.dryRun && operation.operation !== "preview" ? "Previewing " : "";
  const word = title ? title + operation.operation : titles[operation.operation];
  return paint(`${word} (${operation.stack}):`, "bold");
}

function blinded(view: OperationView, lines: string[]): string[] {
  return lines.length === 0 ? [] : view.blind.text(lines.join("\n")).split("\n");
}

/** The tree, drawn over itself as it changes. */
class LiveTree implements ProgressDisplay {
  #drawn = 0;
  #dirty = false;
  #ended = false;
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly view: OperationView,
    readonly options: DisplayOptions,
    readonly paint: Paint,
  ) {
    this.#timer = setInterval(() => this.#draw(), redrawMs);
    this.#timer.unref();
  }

  show(event: EngineEvent): void {
    this.view.apply(event);
    if (event.kind === "started") this.#write([titleOf(this.view, this.paint)]);
    this.#dirty = true;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#clear();
    this.#write([...this.#tree(), "", ...blinded(this.view, summaryLines(this.view, this.paint))]);
  }

  #draw(): void {
    const running = [...this.view.rows.values()].some((row) => row.state === "running");
    if (!this.#dirty && !running) return;
    this.#dirty = false;
    const lines = this.#fitted(this.#tree());
    this.#clear();
    this.#write(lines);
    this.#drawn = lines.length;
  }

  #write(lines: string[]): void {
    this.options.stream.write(lines.map((line) => `${line}\n`).join(""));
  }

  #clear(): void {
    // From the first column: a ^C that was echoed has moved the cursor.
    if (this.#drawn > 0) this.options.stream.write(`\r\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }

  #tree(): string[] {
    const { showSames = false } = this.options;
    const lines = treeLines(this.view, { paint: this.paint, showSames, now: Date.now() });
    return blinded(this.view, lines);
  }

  /** What does not fit the screen cannot be drawn over, so the end of the tree is shown and lines are cut. */
  #fitted(lines: string[]): string[] {
    const height = Math.max(3, (this.options.stream.rows ?? 25) - 2);
    const width = (this.options.stream.columns ?? 80) - 1;
    const shown = lines.length > height ? [lines[0] ?? "", ...lines.slice(1 - height)] : lines;
    return shown.map((line) => cut(line, width));
  }
}

const colourCode = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`);

/** Cuts a coloured line to so many visible characters. */
function cut(line: string, width: number): string {
  let left = width;
  const parts = line.split(colourCode).map((part) => {
    if (colourCode.test(part)) return part;
    const kept = part.slice(0, Math.max(0, left));
    left -= part.length;
    return kept;
  });
  return parts.join("");
}

/** One line for each thing that happens. */
class PlainLines implements ProgressDisplay {
  #ended = false;
  readonly #said = new Map<string, number>();
  /** When a step began, or was last told of as one that still works. */
  readonly #still = new Map<string, number>();
  readonly #stillEveryMs: number;
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly view: OperationView,
    readonly options: DisplayOptions,
    readonly paint: Paint,
  ) {
    this.#stillEveryMs = options.stillEveryMs ?? stillEveryMs;
    this.#timer = setInterval(() => this.#tellStill(), Math.min(1000, this.#stillEveryMs));
    this.#timer.unref();
  }

  show(event: EngineEvent): void {
    this.view.apply(event);
    this.#write(this.#linesOf(event));
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#write(["", ...summaryLines(this.view, this.paint)]);
  }

  #write(lines: string[]): void {
    if (lines.length > 0) this.options.stream.write(`${this.view.blind.text(lines.join("\n"))}\n`);
  }

  #linesOf(event: EngineEvent): string[] {
    switch (event.kind) {
      case "started":
        return [titleOf(this.view, this.paint)];
      case "step-started":
        this.#still.set(event.urn, Date.now());
        return this.view.operation?.dryRun || this.options.diff ? [] : this.#rowLine(event.urn);
      case "step-done":
        return this.options.diff ? stepDetail(this.view, event, this.paint) : this.#rowLine(event.urn);
      case "diagnostic":
        return event.urn && event.ephemeral ? this.#progressLine(event.urn) : this.#message(event);
      default:
        return [];
    }
  }

  /** An error of no resource is told when it happens; the rest of what was said stands in the summary. */
  #message(event: Extract<EngineEvent, { kind: "diagnostic" }>): string[] {
    if (event.severity !== "error" || event.urn) return [];
    return [this.paint(`error: ${firstLine(event.message)}`, "red")];
  }

  /** A cluster takes Atlas 20 minutes: nobody is left to wonder whether anything goes on. */
  #tellStill(): void {
    if (this.view.operation?.dryRun) return;
    const before = Date.now() - this.#stillEveryMs;
    for (const [urn, { state }] of this.view.rows) {
      const last = Math.max(this.#said.get(urn) ?? 0, this.#still.get(urn) ?? 0);
      if (state !== "running" || last > before) continue;
      this.#still.set(urn, Date.now());
      this.#write(this.#rowLine(urn));
    }
  }

  #progressLine(urn: string): string[] {
    const now = Date.now();
    if (now - (this.#said.get(urn) ?? 0) < plainProgressMs) return [];
    this.#said.set(urn, now);
    return this.#rowLine(urn);
  }

  #rowLine(urn: string): string[] {
    const row = this.view.row(urn);
    if ((row.step ?? "same") === "same" && !this.options.showSames && row.state !== "failed") return [];
    const { symbol, colour } = stepWords[row.step ?? "same"];
    const status = statusOf(row, this.view.operation?.dryRun ?? false, Date.now());
    const text = ` ${this.paint(symbol, colour)} ${row.type} ${row.name} ${status} ${infoOf(row)}`;
    return [text.trimEnd()];
  }
}
