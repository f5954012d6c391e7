import type { Interruption, OperationResult, StackEngine } from "./engine";
import { resolvePlace } from "./stack-place";
import type { Terminal } from "./terminal";

export interface UpRun {
  stack: string;
  configFile?: string | undefined;
  engine: StackEngine;
  interruption: Pick<Interruption, "signal" | "kill" | "env">;
  terminal: Terminal;
  message: string;
  /** What the program of the stack is told beside its settings. */
  env: Record<string, string>;
}

/** An `up` of a stack for a command of ours, which says by the environment what it is for. */
export async function runUp(run: UpRun): Promise<OperationResult> {
  const { stack, configFile, engine, interruption, terminal, message, env } = run;
  const place = await resolvePlace({ stack, ...(configFile !== undefined && { configFile }) });
  const options = {
    ...{ targets: [], replaces: [], policyPacks: [], parallel: undefined, message },
    ...{ diff: false, expectNoChanges: false, clearPendingCreates: false },
  };
  return engine.run("up", place, options, {
    display: terminal.json ? terminal.err : terminal.out,
    color: terminal.color,
    onEvent: () => undefined,
    env: { ...interruption.env, ...env, DND_RUN_BY: `${engine.name} ${engine.version}` },
    ...{ signal: interruption.signal, kill: interruption.kill },
  });
}
