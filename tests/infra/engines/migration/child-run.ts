import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Workshop } from "./workshop";

/** A run in a process of its own. */
export interface ChildRun {
  child: ChildProcess;
  /** What it has said so far; its last line says how it ended. */
  lines: string[];
  /** Resolves when it says a word; rejects when it ends without. */
  saying(word: string): Promise<void>;
  exited: Promise<unknown>;
}

const loader = join(__dirname, "../../../../infra/support/typescript.cjs");

const started: ChildProcess[] = [];

/** Ends what a test that failed has left running. */
export function endChildRuns(): void {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
}

/** Starts a run of a folder that a test can stop, wake and kill. */
export function startChildRun(
  shop: Workshop,
  folder: string,
  {
    leaseMs = 30_000,
    env = {},
    uri = shop.address.uri,
  }: { leaseMs?: number; env?: NodeJS.ProcessEnv; uri?: string } = {},
): ChildRun {
  const script = join(__dirname, "runner-process.ts");
  const args = ["-r", loader, script, uri, shop.address.name, folder, String(leaseMs)];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  started.push(child);
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => lines.push(line));
  const exited = once(child, "exit");
  const saying = (word: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (lines.some((line) => line.includes(word))) resolve();
      };
      output.on("line", look);
      output.on("close", () => reject(new Error(`it never said ${word}:\n${lines.join("\n")}`)));
      look();
    });
  return { child, lines, saying, exited };
}

/** In a migration: says a word, and in a child leaves the test time to act on it, unless it waits for another one. */
export function pauseAt(word: string, ms = 400): string {
  const waitsFor = `(process.env.TEST_PAUSE_AT ?? "${word}") === "${word}"`;
  return `log("${word}"); if (process.argv[1].includes("runner-process") && ${waitsFor}) await new Promise((go) => setTimeout(go, ${ms}));`;
}
