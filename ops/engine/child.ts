import { spawn, type ChildProcess } from "node:child_process";
import { OperatorError } from "../../infra/support";

export interface ChildOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Passes the standard output and error on as they come. */
  display?: NodeJS.WritableStream | undefined;
  /** Sends SIGINT once. */
  signal?: AbortSignal | undefined;
  /** Ends the whole process group. */
  kill?: AbortSignal | undefined;
  timeoutMs?: number;
}

export interface ChildResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end. It gets a process group of its own, so that a Ctrl-C at the terminal reaches it
 * through us alone, once: Pulumi takes a second one as the wish to be killed.
 */
export async function runChild(
  file: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<ChildResult> {
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = stopping(child, options);
  const [stdout, stderr] = [collect(child.stdout, options.display), collect(child.stderr, options.display)];
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", (error) => reject(notStarted(file, error)));
      child.once("close", resolve);
    });
    if (stop.timedOut) throw tooLong(file, args, options.timeoutMs ?? 0);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    stop.release();
  }
}

function collect(
  stream: NodeJS.ReadableStream,
  display: NodeJS.WritableStream | undefined,
): { text(): string } {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    display?.write(chunk);
  });
  return { text: () => Buffer.concat(chunks).toString() };
}

function stopping(child: ChildProcess, { signal, kill, timeoutMs }: ChildOptions) {
  const state = { timedOut: false, release: () => undefined as void };
  const interrupt = () => sendToGroup(child, "SIGINT", false);
  const end = () => sendToGroup(child, "SIGKILL", true);
  const timer = timeoutMs
    ? setTimeout(() => {
        state.timedOut = true;
        end();
      }, timeoutMs)
    : undefined;
  signal?.addEventListener("abort", interrupt, { once: true });
  kill?.addEventListener("abort", end, { once: true });
  state.release = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", interrupt);
    kill?.removeEventListener("abort", end);
  };
  return state;
}

function sendToGroup(child: ChildProcess, name: NodeJS.Signals, group: boolean): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(group ? -child.pid : child.pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

function notStarted(file: string, cause: Error): OperatorError {
  return new OperatorError({
    code: "program-not-started",
    message: `${file} could not be started: ${cause.message}`,
    remedy: "`dnd doctor` shows what is missing.",
    cause,
  });
}

function tooLong(file: string, args: readonly string[], timeoutMs: number): OperatorError {
  return new OperatorError({
    code: "program-too-long",
    message: `${file} ${args[0] ?? ""} had not ended after ${timeoutMs / 1000}s and was stopped`,
    remedy: "Run the command again; if it happens again, look at what that program waits for.",
  });
}
