import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { stopHost, Supervisor, type MachineExit } from "../../../infra/drivers/processes";
import { messageOf } from "../../../infra/support";
import { checksOf } from "../world/config";
import { keepChecking } from "./checking";
import type { Executed, Launch, Listener, Run, Runtime } from "./contract";
import { commandOf, listeningPort, type FindImage, type ImageProgram } from "./program";

const lookMs = 20;

export interface ProcessRuntimeOptions {
  /** Where records and logs are kept; what an earlier stand-in left running there is ended first. */
  folder: string;
  image: FindImage;
}

/** Machines that are processes of this computer, under the same supervisor as the local ones. */
export class ProcessRuntime implements Runtime {
  readonly #supervisor: Supervisor;
  readonly #ready: Promise<void>;
  #launches = 0;

  constructor(private readonly options: ProcessRuntimeOptions) {
    this.#supervisor = new Supervisor(options.folder);
    this.#ready = stopHost(options.folder);
  }

  knows(image: string): boolean {
    return this.options.image(image) !== undefined;
  }

  launch(launch: Launch, listener: Listener): Run {
    const program = this.options.image(launch.config.image);
    const id = `${launch.id}-${++this.#launches}`;
    return new ProcessRun(id, launch, program, listener, this.#supervisor, this.#ready);
  }

  async close(): Promise<void> {
    await this.#ready;
    await this.#supervisor.removeAll();
    await rm(this.options.folder, { recursive: true, force: true });
  }
}

class ProcessRun implements Run {
  /** It was asked to end, or has. */
  readonly #ending = new AbortController();
  readonly #ended = new AbortController();
  readonly #port: number;
  #lastLog: string[] = [];
  #stopping = false;

  constructor(
    private readonly id: string,
    private readonly launch: Launch,
    private readonly program: ImageProgram | undefined,
    private readonly listener: Listener,
    private readonly supervisor: Supervisor,
    ready: Promise<void>,
  ) {
    this.#port = program ? listeningPort(launch.config, program) : 0;
    void ready.then(() => this.begin());
  }

  stop(signal: string, graceMs: number): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#ending.abort();
    this.signal(signal);
    const { signal: ended } = this.#ended;
    sleep(graceMs, undefined, { signal: ended }).then(
      () => this.signal("SIGKILL"),
      () => undefined,
    );
  }

  signal(name: string): void {
    const pid = this.view?.pid;
    if (!pid) return;
    try {
      process.kill(-pid, name as NodeJS.Signals);
    } catch {
      // It has ended by itself just now.
    }
  }

  suspend(): void {
    this.signal("SIGSTOP");
  }

  resume(): void {
    this.signal("SIGCONT");
  }

  cordon(): void {
    // The proxy asks the machine, not its run.
  }

  exec(command: string[], timeoutMs: number, stdin = ""): Promise<Executed> {
    const [file = "", ...args] = this.placed(command);
    const options = { cwd: this.program?.cwd, env: this.env(), timeout: timeoutMs, maxBuffer: 8_000_000 };
    return new Promise((resolve) => {
      const child = execFile(file, args, options, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === "number" ? error.code : (child.exitCode ?? 1)) : 0;
        resolve({ exit_code: code, stdout, stderr: stderr || (error && code === 1 ? error.message : "") });
      });
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(stdin);
    });
  }

  processes() {
    const pid = this.view?.pid;
    if (!pid) return Promise.resolve([]);
    const command = this.program ? commandOf(this.launch.config, this.program).join(" ") : "";
    const listen_sockets = [{ proto: "tcp", address: `0.0.0.0:${this.#port}` }];
    return Promise.resolve([{ pid, command, listen_sockets }]);
  }

  async log(): Promise<string[]> {
    const view = this.view;
    // What has begun without its end is no line yet.
    return view ? (await linesIn(view.log)).slice(0, -1).filter(isSaid) : this.#lastLog;
  }

  backend() {
    const view = this.view;
    return view?.port && view.pid && !this.#stopping ? { port: view.port, pid: view.pid } : undefined;
  }

  /** Undefined once it has ended. */
  private get view() {
    return this.supervisor.list().find(({ spec }) => spec.id === this.id);
  }

  /** A command whose files lie elsewhere on this computer than in the image. */
  private placed(command: string[]): string[] {
    const folders = Object.entries(this.program?.folders ?? {});
    return command.map((word) =>
      folders.reduce(
        (now, [inside, here]) => (now.startsWith(`${inside}/`) ? here + now.slice(inside.length) : now),
        word,
      ),
    );
  }

  private env(): Record<string, string> {
    const { app, id, region, config, env, version } = this.launch;
    return {
      ...this.program?.env,
      FLY_APP_NAME: app,
      FLY_MACHINE_ID: id,
      FLY_ALLOC_ID: id,
      FLY_MACHINE_VERSION: version,
      FLY_REGION: region,
      FLY_IMAGE_REF: config.image,
      ...env,
    };
  }

  private async begin(): Promise<void> {
    const { launch, listener, program } = this;
    if (!program)
      return listener.unlaunchable(`failed to get image ${launch.config.image}: manifest unknown`);
    try {
      this.supervisor.create(
        {
          id: this.id,
          group: launch.app,
          metadata: {},
          command: this.placed(commandOf(launch.config, program)),
          cwd: program.cwd,
          port: null,
          check: null,
          restart: { policy: "no", maxRetries: 0, firstDelayMs: 1, maxDelayMs: 1, provenOnly: false },
          stop: { signal: "SIGTERM", timeoutMs: 1000 },
          drainMs: 0,
          autostop: null,
        },
        this.env(),
        { cordoned: false },
      );
      await this.supervisor.start(this.id);
    } catch (error) {
      return listener.unlaunchable(messageOf(error));
    }
    listener.started();
    this.check();
    await this.lookForEnd();
  }

  private check(): void {
    const { signal } = this.#ending;
    for (const one of checksOf(this.launch.config)) {
      void keepChecking(one, {
        signal,
        realPort: (port) => (port === this.#port ? (this.view?.port ?? undefined) : undefined),
        tell: (name, status, output) => this.listener.checked(name, status, output),
      });
    }
  }

  private async lookForEnd(): Promise<void> {
    for (;;) {
      const view = this.view;
      if (!view) return this.settle();
      if ((view.state === "stopped" || view.state === "failed") && view.exit) return this.end(view.exit);
      await sleep(lookMs);
    }
  }

  private settle(): void {
    this.#ending.abort();
    this.#ended.abort();
  }

  private async end({ code, signal, oom }: MachineExit): Promise<void> {
    this.settle();
    this.#lastLog = this.view ? (await linesIn(this.view.log)).filter(isSaid) : [];
    await this.supervisor.remove(this.id);
    const number = signal === null ? undefined : constants.signals[signal as NodeJS.Signals];
    this.listener.ended({ code: code ?? 128 + (number ?? 0), signal: number, oom });
  }
}

async function linesIn(file: string): Promise<string[]> {
  return (await readFile(file, "utf8").catch(() => "")).split("\n");
}

const isSaid = (line: string) => line.trim() !== "";
