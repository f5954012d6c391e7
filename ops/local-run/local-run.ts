import type { EngineName, Interruption, StackEngine } from "../engine";
import { withFileLock } from "../../infra/drivers/files";
import { chooseEngine } from "../engine";
import { localPlaces, onDisk } from "../local-stack";
import type { Terminal } from "../terminal";

/** What `npm start` and `npm stop` are given. */
export interface LocalRun {
  wanted: EngineName;
  terminal: Terminal;
  interruption: Interruption;
}

/** The engine, with its name and why it is this one in one line. */
export async function engineFor(run: LocalRun): Promise<{ engine: StackEngine; told: string }> {
  const { engine, note } = await chooseEngine(run.wanted, run.interruption.kill);
  return { engine, told: note ?? (engine.name === "pulumi" ? `pulumi ${engine.version}` : "embedded") };
}

/** Lets one `npm start` or `npm stop` of this checkout work at a time; the second waits and says for whom. */
export function oneAtATime<T>(
  run: LocalRun,
  what: string,
  waitMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const { startLock, folder } = localPlaces();
  const { terminal, interruption } = run;
  const lock = {
    what,
    waitMs,
    signal: interruption.signal,
    onWait: (holder: { pid: number; what: string; since: string }) =>
      terminal.say(`waiting: process ${holder.pid} has been at \`${holder.what}\` since ${holder.since}`),
  };
  return onDisk(folder, () => withFileLock(startLock, lock, work));
}
