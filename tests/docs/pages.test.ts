import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { projectRoot } from "../../infra/support";
import { LocalStack } from "../harness/local-stack";
import { commandsOf } from "./page";

/** The pages about the local stack, each read from its first command to its last. */
const pages = ["local-stack.md", "migrations.md"];

let bin: string;
beforeAll(async () => {
  // `npx dnd` inside the checkout is ops/dnd.cjs; npx itself would only add its second to each line.
  bin = await mkdtemp(join(tmpdir(), "dnd-docs-"));
  await mkdir(bin, { recursive: true });
  await writeFile(
    join(bin, "npx"),
    `#!/bin/sh\n[ "$1" = dnd ] && shift\nexec "${process.execPath}" "${join(projectRoot, "ops", "dnd.cjs")}" "$@"\n`,
  );
  await chmod(join(bin, "npx"), 0o755);
});
afterAll(() => rm(bin, { recursive: true, force: true }));

describe.each(pages)("docs/%s", (page) => {
  test("does what it says, command after command", async () => {
    const stack = await LocalStack.open();
    try {
      for (const { line, code } of commandsOf(page)) {
        const run = await shell(line, stack.folder);
        expect({ line, code: run.code, said: run.code === code ? "" : run.said }).toEqual({
          line,
          code,
          said: "",
        });
      }
    } finally {
      await stack.close();
    }
  }, 180_000);
});

function shell(line: string, folder: string): Promise<{ code: number | null; said: string }> {
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
