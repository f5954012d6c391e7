import { setTimeout as sleep } from "node:timers/promises";
import { observeHost } from "../../infra/drivers/processes";
import { localFolder } from "../../infra/support";
import { FollowedFile } from "./followed-file";
import type { LogLine } from "./line";
import type { LogSource } from "./source";

const pauseMs = 300;

/** The logs of the machines of this computer: those that run, those that ended, those that come while one follows. */
export class LocalSource implements LogSource {
  private readonly files = new Map<string, FollowedFile>();

  constructor(private readonly app: string) {}

  async read(): Promise<LogLine[]> {
    const seen = await observeHost(localFolder("machines"));
    const own = seen?.machines.filter(({ spec }) => spec.group === this.app) ?? [];
    let lines: LogLine[] = [];
    for (const { spec, log } of own) {
      if (!this.files.has(log)) {
        lines = lines.concat(await wholeOf(`${log}.1`, spec.id));
        this.files.set(log, new FollowedFile(log, spec.id));
      }
    }
    for (const file of this.files.values()) lines = lines.concat(await file.read());
    return lines;
  }

  async next(signal: AbortSignal): Promise<LogLine[]> {
    const lines = await this.read();
    if (lines.length === 0) await sleep(pauseMs, undefined, { signal });
    return lines;
  }

  nobody(): string | undefined {
    if (this.files.size > 0) return undefined;
    return `there is no machine of ${this.app} on this computer: \`npm start\` brings the stack up`;
  }

  async close(): Promise<void> {
    for (const file of this.files.values()) await file.close();
  }
}

/** What was moved aside as it had grown large is older than all that is in the log. */
async function wholeOf(path: string, machine: string): Promise<LogLine[]> {
  const file = new FollowedFile(path, machine);
  try {
    return await file.read();
  } finally {
    await file.close();
  }
}
