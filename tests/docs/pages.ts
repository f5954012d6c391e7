import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { projectRoot } from "../../infra/support";
import { LocalStack } from "../harness/local-stack";
import { commandsOf } from "./page";

/** Somebody who reads pages about the local stack and types what they show, one page after the other. */
export class Reader {
  /** What a page leaves to the reader to put in, and what this one puts there. */
  readonly standIns = new Map<string, string>();

  private constructor(
    readonly stack: LocalStack,
    private readonly bin: string,
  ) {}

  /** One machine shows all that a page promises. */
  static async begin(settings: Record<string, Record<string, unknown>> = {}): Promise<Reader> {
    return new Reader(await LocalStack.open({ app: { machines: 1 }, ...settings }), await folderWithNpx());
  }

  /** Types every command of a page, from its first to its last. */
  async follow(page: string): Promise<void> {
    for (const { line, code } of commandsOf(page)) await this.type(line, code);
  }

  /** Types one line; fails where it ends otherwise than the page says. */
  async type(line: string, code = 0, env: NodeJS.ProcessEnv = {}): Promise<void> {
    const typed = [...this.standIns].reduce((text, [name, value]) => text.replaceAll(name, value), line);
    const run = await shell(typed, { DND_DIR: this.stack.folder, ...env }, this.bin);
    const said = run.code === code ? "" : run.said;
    expect({ line, code: run.code, said }).toEqual({ line, code, said: "" });
  }

  async end(): Promise<void> {
    await this.stack.close();
    await rm(this.bin, { recursive: true, force: true });
  }
}

/** Follows a single page on a stack of its own. */
export async function followPage(
  page: string,
  settings: Record<string, Record<string, unknown>> = {},
): Promise<void> {
  const reader = await Reader.begin(settings);
  try {
    await reader.follow(page);
  } finally {
    await reader.end();
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

function shell(
  line: string,
  own: NodeJS.ProcessEnv,
  bin: string,
): Promise<{ code: number | null; said: string }> {
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
    DND_ENGINE: "embedded",
    NO_COLOR: "1",
    ...own,
  };
  const child = spawn("/bin/sh", ["-c", line], { cwd: projectRoot, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (data) => (said += String(data)));
  child.stderr.on("data", (data) => (said += String(data)));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, said })));
}
