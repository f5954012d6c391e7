import { setTimeout as sleep } from "node:timers/promises";
import type { FlyApi, FlyLogLine } from "../../infra/drivers/fly-api";
import { levelOf, readLine, type LogLine } from "./line";
import type { LogSource } from "./source";

const pauseMs = 2000;
const mostPages = 200;

/**
 * The lines that Fly still has of an app, which are some days' at most. They come from the address that Fly's own
 * tool reads them from without a tunnel; what must be kept longer belongs to a log shipper.
 */
export class FlySource implements LogSource {
  private after: string | null = null;
  private ended = false;

  constructor(
    private readonly api: FlyApi,
    private readonly app: string,
    private readonly machine: string | undefined,
  ) {}

  async read(signal: AbortSignal): Promise<LogLine[]> {
    let lines: LogLine[] = [];
    for (let page = 0; page < mostPages; page++) {
      const found = await this.page(signal);
      if (found.length === 0) break;
      lines = lines.concat(found);
    }
    return lines;
  }

  async next(signal: AbortSignal): Promise<LogLine[]> {
    const lines = await this.page(signal);
    if (lines.length === 0) await sleep(pauseMs, undefined, { signal });
    return lines;
  }

  nobody(): string | undefined {
    if (this.after !== null) return undefined;
    return `Fly has no line of ${this.app}: it keeps them for some days, and a machine that never ran has none`;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async page(signal: AbortSignal): Promise<LogLine[]> {
    if (this.ended) return [];
    const { lines, next } = await this.api.logs.page(this.app, {
      machine: this.machine,
      after: this.after,
      signal,
    });
    // Without a new mark the same page would come again for ever; an app that has said nothing yet has no mark.
    this.ended = next === null && lines.length > 0;
    if (next === this.after && next !== null) return [];
    this.after = next ?? this.after;
    return lines.map(lineOf);
  }
}

function lineOf({ message, at, level, machine, region }: FlyLogLine): LogLine {
  const told = levelOf(level);
  return readLine(message, machine ?? region ?? "fly", { at, ...(told && { level: told }) });
}
