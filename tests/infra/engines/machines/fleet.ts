import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ensureMachines,
  observeMachines,
  stopMachines,
  type EnsureOptions,
} from "../../../../infra/engines/machines";
import { Secret, silent } from "../../../../infra/support";
import { freePort } from "../../../../infra/drivers/processes";

export const app = "tracker";
export const secretUri = "mongodb://app:s3cr3t-dragon@127.0.0.1:1/tracker";

/** A folder and a port of its own for the machines of one test file. */
export class Fleet {
  private constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  static async open(): Promise<Fleet> {
    const fleet = new Fleet(await mkdtemp(join(tmpdir(), "dnd-machines-")), await freePort());
    process.env.DND_DIR = fleet.folder;
    return fleet;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  options(image: EnsureOptions["image"], more: Partial<EnsureOptions> = {}): EnsureOptions {
    return {
      app,
      image,
      count: 2,
      port: this.port,
      env: { COLOUR: "red", MONGODB_URI: new Secret(secretUri) },
      progress: silent,
      signal: new AbortController().signal,
      startTimeoutMs: 8000,
      ...more,
    };
  }

  ensure(image: EnsureOptions["image"], more: Partial<EnsureOptions> = {}) {
    return ensureMachines(this.options(image, more));
  }

  observe() {
    return observeMachines(app);
  }

  async ask(path = "/"): Promise<{ version: string; machine: string; colour: string }> {
    return (await (await fetch(this.url + path)).json()) as {
      version: string;
      machine: string;
      colour: string;
    };
  }

  /** Which machines answer, by many questions. */
  async answering(): Promise<string[]> {
    const answers = await Promise.all(Array.from({ length: 12 }, () => this.ask()));
    return [...new Set(answers.map(({ machine }) => machine))].sort();
  }

  /** Everything that runs out of this fleet's images, whoever knows of it. */
  processes(): number[] {
    const table = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" });
    const own = table.split("\n").filter((line) => line.includes(`${this.folder}/images/`));
    return own.map((line) => Number.parseInt(line, 10)).sort((a, b) => a - b);
  }

  /** Ends the supervisor the hard way. */
  async killSupervisor(): Promise<void> {
    const { pid } = JSON.parse(await readFile(join(this.folder, "machines", "daemon.json"), "utf8")) as {
      pid: number;
    };
    process.kill(pid, "SIGKILL");
  }

  async close(): Promise<void> {
    await stopMachines(app);
    await rm(this.folder, { recursive: true, force: true });
  }
}
