import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writeAtomically } from "../../drivers/files";
import { identify, isRunning } from "../../drivers/processes";

const noteSchema = z.object({
  machine: z.string(),
  nonce: z.string(),
  holder: z.object({ pid: z.int(), started: z.string() }),
});

/**
 * A lease, written down on this computer while it is held: whoever comes after a process that was killed gives it back
 * in its place, and need not wait until it ends by itself. It only saves that wait, so nothing fails for want of it.
 */
export class LeaseNote {
  readonly #file: string;

  constructor(folder: string, app: string) {
    this.#file = join(folder, `${encodeURIComponent(app)}.lease.json`);
  }

  async write(machine: string, nonce: string): Promise<void> {
    const holder = identify(process.pid);
    await writeAtomically(this.#file, JSON.stringify({ machine, nonce, holder })).catch(() => undefined);
  }

  /** What gives back the lease of a machine whose holder runs no more. */
  async leftOf(machine: string): Promise<string | undefined> {
    const note = await readJson(this.#file, noteSchema).catch(() => undefined);
    return note?.machine === machine && !isRunning(note.holder) ? note.nonce : undefined;
  }

  async clear(): Promise<void> {
    await rm(this.#file, { force: true }).catch(() => undefined);
  }
}
