import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../../infra/drivers/files";
import { identify, isRunning, type ProcessIdentity } from "../../infra/drivers/processes";
import { waitFor } from "../../infra/support";

const identity = z.object({ pid: z.int(), started: z.string() });
const patienceMs = 60_000;

/** The command that a drill has at work on its copy, written down: one that outlives a killed drill would spoil the next. */
export class CommandAtWork {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, "at-work.json");
  }

  /** Remembers a process before anything else can happen to the drill. */
  begins(pid: number | undefined): void {
    const own = pid === undefined ? undefined : identify(pid);
    if (own) writeFileSync(this.#file, JSON.stringify(own), { mode: 0o600 });
  }

  async ended(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  /** Ends what a drill that was killed has left at work; first as Ctrl-C would, then whatever it is doing. */
  async end(): Promise<void> {
    const left = await readJson(this.#file, identity).catch(() => undefined);
    if (!left) return;
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      if (isRunning(left)) process.kill(left.pid, signal);
      if (await isGone(left)) break;
    }
    await this.ended();
  }
}

function isGone(left: ProcessIdentity): Promise<boolean> {
  const wait = { what: "the command of a drill that was killed", timeoutMs: patienceMs, intervalMs: 50 };
  return waitFor(() => Promise.resolve(!isRunning(left)), wait).then(
    () => true,
    () => false,
  );
}
