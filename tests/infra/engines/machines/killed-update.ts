import { spawn } from "node:child_process";
import { join } from "node:path";
import type { AppImage } from "../../../../infra/engines/machines";
import { projectRoot } from "../../../../infra/support";

/**
 * Runs an update in a process of its own and kills that after the step that says so; the steps it had said.
 * Where its supervisor is killed as well, whichever comes first, it may fail by itself before its own end.
 */
export async function killUpdate(
  image: AppImage,
  port: number,
  after: RegExp,
  laterMs = 0,
  { mayFail = false } = {},
): Promise<string[]> {
  const child = spawn(
    process.execPath,
    [
      "--require",
      join(projectRoot, "infra/support/typescript.cjs"),
      join(__dirname, "update-in-a-process.ts"),
      JSON.stringify([image, port]),
    ],
    { env: { ...process.env }, stdio: ["ignore", "pipe", "inherit"] },
  );
  let said = "";
  child.stdout.on("data", (data) => {
    said += String(data);
    if (after.test(said)) setTimeout(() => child.kill("SIGKILL"), laterMs);
  });
  await new Promise((resolve) => child.once("close", resolve));
  if (!mayFail && /error/i.test(said)) throw new Error(`the update to be killed failed by itself: ${said}`);
  return said.trim().split("\n");
}
