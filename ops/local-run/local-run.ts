import type { EngineName, Interruption, StackEngine } from "../engine";
import { chooseEngine } from "../engine";
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
