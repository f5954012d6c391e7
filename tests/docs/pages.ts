import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { projectRoot } from "../../infra/support";
import { LocalStack } from "../harness/local-stack";
import { commandsOf } from "./page";

/** Reads a page about the local stack as an operator would, from its first command to its last. */
export async function followPage(page: string): Promise<void> {
  const bin = await folderWithNpx();
  const stack = await LocalStack.open();
  try {
    for (const { line, code } of commandsOf(page)) {
      const run = await shell(line, stack.folder, bin);
      const said = run.code === code ? "" : run.said;
      expect({ line, code: run.code, said }).toEqual({ line, code, said: "" });
    }
  } finally {
    await stack.close();
    await rm(bin, { recursive: true, force: true });
  }
}

/** `npx dnd` inside the checkout is ops/dnd.cjs; npx itself would only add its second to each line. */
async function folderWithNpx(): Promise<string> {
  const bin = await mkdtemp(join(tmpdir(), "dnd-docs-"));
  const command = `"${process.execPath}" "${join(projectRoot, "ops", "dnd.cjs")}" "$@"`;
  await writeFile(join(bin, "npx"), `#!/bin/sh\n[ "$1" = dnd ] && shift\nexec ${command}\n`);
  await chmod(join(bin, "npx"), 0o755);
  return bin;
}

function shell(line: string, folder: string, bin: string): Promise<{ code: number | null; said: string }> {
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
    DND_DIR: folder,
    DND_ENGINE: "embedded",
    NO_COLOR: "1",
  };
  const child = spawn("/bin/sh", ["-c", line], { cwd: projectRoot, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (data) => (said += String(data)));
  child.stderr.on("data", (data) => (said += String(data)));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, said })));
}
