import { execFile } from "node:child_process";

export interface CommandOptions {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  env?: NodeJS.ProcessEnv;
}

export interface CommandEnd {
  stdout: string;
  /** Why it did not do its work; undefined when it did. */
  why?: string;
  /** There is no such program. */
  missing?: boolean;
}

/** Runs a program to its end, which comes at the latest with the deadline or the signal. */
export function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  { timeoutMs, signal, env = process.env }: CommandOptions,
): Promise<CommandEnd> {
  const options = {
    env,
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: 16 * 1024 * 1024,
    ...(signal ? { signal } : {}),
  } as const;
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve({ stdout });
      const missing = error.code === "ENOENT";
      resolve({ stdout, missing, why: whyNot(error, stderr, timeoutMs, signal) });
    });
  });
}

function whyNot(
  error: { killed?: boolean; message: string },
  stderr: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): string {
  if (signal?.aborted) return String((signal.reason as Error | undefined)?.message ?? signal.reason);
  if (error.killed) return `no end after ${timeoutMs / 1000}s`;
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  // The last line that calls itself an error, as what follows one is often only advice.
  return (lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? error.message)
    .replace(/^error:/i, "")
    .trim();
}
