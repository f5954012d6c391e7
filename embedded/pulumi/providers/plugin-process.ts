import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { OperatorError } from "../../../infra/support";

export interface PluginStart {
  name: string;
  file: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Hears what the plugin writes to its error output, a line at a time. */
  onLine(line: string): void;
}

/** A script to run another one with, so that it ends when the engine does, however that ends. */
export const endWithEngine = join(__dirname, "end-with-engine.cjs");

const startTimeoutMs = 120_000;

/** A plugin in a process of its own; its first line of output is the port that it serves. */
export class PluginProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
  ) {}

  static async start(start: PluginStart): Promise<PluginProcess> {
    const child = spawn(start.file, start.args, {
      cwd: start.cwd,
      env: start.env,
      stdio: ["pipe", "pipe", "pipe"],
      // In a group of its own: a ^C at the terminal asks the engine to stop, which ends its plugins when they are done.
      detached: true,
    });
    followLines(child.stderr, start.onLine);
    try {
      const port = await portOf(child, start);
      return new PluginProcess(child, `127.0.0.1:${port}`);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Ends the process; a plugin keeps nothing that a kill could lose. */
  kill(): void {
    this.child.kill("SIGKILL");
  }
}

function portOf(child: ChildProcess, start: PluginStart): Promise<number> {
  return new Promise((resolve, reject) => {
    let port = false;
    const timer = setTimeout(
      () => reject(notServing(start, `it named no port in ${startTimeoutMs / 1000}s`)),
      startTimeoutMs,
    );
    followLines(child.stdout, (line) => {
      if (port) return start.onLine(line);
      port = true;
      clearTimeout(timer);
      if (/^\d+$/.test(line.trim())) resolve(Number(line));
      else reject(notServing(start, `its first line was "${line.slice(0, 80)}" and not a port`));
    });
    child.once("error", (error) => reject(notServing(start, error.message)));
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      reject(notServing(start, `it ended with ${signal ?? `code ${String(code)}`}`));
    });
  });
}

function followLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = "";
  stream?.on("data", (data) => {
    const lines = (rest + String(data)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream?.on("end", () => {
    if (rest) onLine(rest);
  });
}

function notServing(start: PluginStart, why: string): OperatorError {
  return new OperatorError({
    code: "plugin-not-started",
    message: `the provider ${start.name} did not start: ${why}`,
    remedy: `Run \`${start.file}\` by hand to see what it says, or install the plugin again.`,
  });
}
