import { spawn } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../infra/support";

export interface DndRun {
  code: number | null;
  stdout: string;
  stderr: string;
  durationMs: number;
}

/** Starts `dnd` as a shell would, without a terminal. */
export function startDnd(args: string[], env: NodeJS.ProcessEnv = {}) {
  const started = performance.now();
  const child = spawn(process.execPath, [join(projectRoot, "ops", "dnd.cjs"), ...args], {
    env: { ...process.env, DND_ENGINE: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const run: DndRun = { code: null, stdout: "", stderr: "", durationMs: 0 };
  child.stdout.on("data", (chunk) => (run.stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (run.stderr += String(chunk)));
  const ended = new Promise<DndRun>((resolve) => {
    child.once("close", (code) => resolve({ ...run, code, durationMs: performance.now() - started }));
  });
  return { ended, kill: (signal: NodeJS.Signals) => child.kill(signal), soFar: run };
}

/** Runs `dnd` to its end. */
export function dnd(args: string[], env: NodeJS.ProcessEnv = {}): Promise<DndRun> {
  return startDnd(args, env).ended;
}

/** Everything that a command said, where it failed. */
export function complaintOf({ code, stdout, stderr }: DndRun): string {
  return code === 0 ? "" : stdout + stderr;
}
