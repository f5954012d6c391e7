import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { freePort } from "../../infra/drivers/processes";
import { localFolder, OperatorError, projectRoot } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { CommandAtWork } from "./at-work";

type Config = Record<string, Record<string, unknown> | string>;

/** What a command on the copy came to. */
export interface CopyRun {
  code: number;
  durationMs: number;
  stdout: string;
}

/** A throw-away local stack beside the real one: a database, machines and archives of its own. */
export class ThrowAwayCopy {
  readonly folder = localFolder("drill");
  readonly #atWork = new CommandAtWork(this.folder);

  constructor(private readonly say: (line: string) => void) {}

  /** Takes away what a drill that was killed has left, and begins with settings like those of the stack. */
  async open({ database, app }: Settings, signal: AbortSignal): Promise<void> {
    await this.close(signal);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const committed = parse(await readFile(join(projectRoot, "Pulumi.local.yaml"), "utf8")) as {
      config: Config;
    };
    const port = await freePort();
    const group = (name: string) =>
      (committed.config[`dnd-tracker:${name}`] ?? {}) as Record<string, unknown>;
    committed.config["dnd-tracker:app"] = { ...group("app"), name: `${app.name}-drill`.slice(0, 40), port };
    const ownPort = await freePort();
    committed.config["dnd-tracker:database"] = { kind: "embedded", name: database.name, port: ownPort };
    // Everything of it goes with its folder; no archive of a drill gets into a store that counts.
    committed.config["dnd-tracker:backup"] = {
      ...group("backup"),
      enabled: true,
      store: join(this.folder, "archives"),
    };
    await this.#write(committed);
  }

  /** Another version of the app in the settings: the throw-away release that is taken back. */
  async setVersion(version: string): Promise<void> {
    const document = parse(await readFile(this.#settings, "utf8")) as { config: Config };
    const app = document.config["dnd-tracker:app"];
    document.config["dnd-tracker:app"] = { ...(typeof app === "object" ? app : {}), version };
    await this.#write(document);
  }

  /** Runs one of our own commands on the copy; throws where it fails. */
  async dnd(words: readonly string[], signal: AbortSignal): Promise<CopyRun> {
    this.say(`drill: dnd ${words.join(" ")}`);
    const run = await this.#run(words, signal);
    if (run.code === 0) return run;
    throw new OperatorError({
      code: "drill-step-failed",
      message: `the drill's \`dnd ${words.join(" ")}\` ended with exit code ${run.code}: ${lastLine(run.stderr)}`,
      remedy: "What fails in a drill fails in an emergency: mend it, then `dnd drill` again.",
    });
  }

  async close(signal?: AbortSignal): Promise<void> {
    if (!existsSync(this.folder)) return;
    await this.#atWork.end();
    if (existsSync(join(this.folder, "state"))) {
      await this.#run(["cancel", "--yes"], signal);
      await this.#run(["destroy", "--yes"], signal);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  get #settings(): string {
    return join(this.folder, "Pulumi.local.yaml");
  }

  async #write(document: { config: Config }): Promise<void> {
    await writeFile(this.#settings, stringify(document), { mode: 0o600 });
  }

  async #run(words: readonly string[], signal?: AbortSignal): Promise<CopyRun & { stderr: string }> {
    const started = performance.now();
    const { MONGODB_URI: _uri, MONGODB_DB_NAME: _name, ...env } = process.env;
    const child = spawn(process.execPath, [join(projectRoot, "ops", "dnd.cjs"), ...words], {
      cwd: projectRoot,
      env: { ...env, DND_DIR: this.folder, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#atWork.begins(child.pid);
    const interrupt = () => child.kill("SIGINT");
    signal?.addEventListener("abort", interrupt, { once: true });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => (stdout += String(data)));
    child.stderr.on("data", (data) => (stderr += String(data)));
    try {
      const code = await new Promise<number>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (ended) => resolve(ended ?? 1));
      });
      return { code, stdout, stderr, durationMs: Math.round(performance.now() - started) };
    } finally {
      signal?.removeEventListener("abort", interrupt);
      await this.#atWork.ended();
    }
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").slice(-3).join(" ").slice(-600);
}
