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
    const lines: LogLine[] = [];
    for (const { spec, log } of own) {
      if (!this.files.has(log)) {
        // What was moved aside as it had grown large is older than all that is in the log.
        lines.push(...(await new FollowedFile(`${log}.1`, spec.id).read()));
        this.files.set(log, new FollowedFile(log, spec.id));
      }
    }
    for (const file of this.files.values()) lines.push(...(await file.read()));
    return lines;
  }

  async next(signal: AbortSignal): Promise<LogLine[]> {
    const lines = await this.read();
    if (lines.length === 0) await sleep(pauseMs, undefined, { signal });
    return lines;
  }
}
