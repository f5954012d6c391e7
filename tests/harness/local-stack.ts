import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { freePort } from "../../infra/drivers/processes";
import { projectRoot } from "../../infra/support";

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
  durationMs: number;
}

export interface StartedCommand {
  pid: number;
  result: Promise<CommandResult>;
  kill(signal: NodeJS.Signals): void;
}

type Settings = Record<string, Record<string, unknown> | string>;

/** A local stack of its own, in a temporary folder and on a free port, driven by the command line alone. */
export class LocalStack {
  private constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  /** What its commands find in their environment beside the test's own. */
  env: NodeJS.ProcessEnv = {};

  static async open(settings: Settings = {}, parent = tmpdir()): Promise<LocalStack> {
    const stack = new LocalStack(await mkdtemp(join(parent, "dnd-stack-")), await freePort());
    await stack.configure(settings);
    return stack;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Lays settings over those of the committed stack, as somebody would who edits the file. */
  async configure(settings: Settings): Promise<void> {
    const file = join(this.folder, "Pulumi.local.yaml");
    const source = await readFile(file, "utf8").catch(() =>
      readFile(join(projectRoot, "Pulumi.local.yaml"), "utf8"),
    );
    const document = parse(source) as { config: Settings };
    const app = (document.config["dnd-tracker:app"] ?? {}) as Record<string, unknown>;
    document.config["dnd-tracker:app"] = { ...app, port: this.port };
    for (const [group, values] of Object.entries(settings)) {
      const key = `dnd-tracker:${group}`;
      const old = document.config[key];
      document.config[key] =
        typeof values === "string" || typeof old === "string" ? values : { ...old, ...values };
    }
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFile(file, stringify(document));
  }

  dnd(command: string, ...args: string[]): Promise<CommandResult> {
    return this.start(command, ...args).result;
  }

  /** A command that runs no engine, and so knows no option for it. */
  plain(command: string, ...args: string[]): Promise<CommandResult> {
    return this.#spawn([command, ...args]).result;
  }

  /** Starts a command that the test wants to disturb. */
  start(command: string, ...args: string[]): StartedCommand {
    return this.#spawn([command, "--engine", process.env.DND_TEST_ENGINE ?? "embedded", ...args]);
  }

  /** Kills a command as soon as something has become true, whatever it is doing then; its lock stays behind. */
  async killedWhen(isTrue: () => Promise<boolean>, ...words: string[]): Promise<CommandResult> {
    const run = this.#spawn(words);
    let ended = false;
    void run.result.then(() => (ended = true));
    while (!ended && !(await isTrue())) await sleep(20);
    run.kill("SIGKILL");
    return run.result;
  }

  #spawn(words: string[]): StartedCommand {
    const begun = Date.now();
    const child = spawn(process.execPath, [join(projectRoot, "ops", "dnd.cjs"), ...words], {
      cwd: projectRoot,
      env: {
        ...process.env,
        DND_DIR: this.folder,
        NO_COLOR: "1",
        DND_ENGINE: process.env.DND_ENGINE ?? "embedded",
        ...this.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => (stdout += String(data)));
    child.stderr.on("data", (data) => (stderr += String(data)));
    const result = new Promise<CommandResult>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, stdout, stderr, durationMs: Date.now() - begun }));
    });
    return { pid: child.pid ?? 0, result, kill: (signal) => child.kill(signal) };
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.dnd("outputs", "--json", "--show-secrets");
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  async close(): Promise<void> {
    await this.dnd("destroy", "--yes");
    await rm(this.folder, { recursive: true, force: true });
  }
}
