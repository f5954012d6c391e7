import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { projectRoot } from "../../../../infra/support";

const loader = join(projectRoot, "infra", "support", "typescript.cjs");

/** Runs a script of this folder in a process of its own; true when it was killed, false when it ended by itself. */
export async function isKilled(
  script: string,
  env: NodeJS.ProcessEnv,
  during: (kill: () => void) => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  const child = spawn(process.execPath, ["-r", loader, join(__dirname, script)], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  await during(() => void child.kill("SIGKILL"));
  const [code, signal] = await ended;
  if (signal !== "SIGKILL" && code !== 0) throw new Error(`${script} ended with ${String(code ?? signal)}`);
  return signal === "SIGKILL";
}
