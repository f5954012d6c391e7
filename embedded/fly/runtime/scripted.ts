import type { Clock } from "../../../infra/support";
import { checksOf, type NamedCheck } from "../world/config";
import { after } from "../world/timer";
import type { CheckVerdict, Ending, Executed, Launch, Listener, Run, Runtime } from "./contract";

/** A result that a check has from some time after the start on. */
export interface ScriptedCheck {
  afterMs: number;
  status: CheckVerdict;
  output?: string;
}

/** What machines of an image do. */
export interface Script {
  /** From the launch to "started"; 300 unless told otherwise. */
  bootMs?: number;
  /** From the signal to the end; 100 unless told otherwise. */
  stopMs?: number;
  /** It ends by itself, in this many of its first launches; in all of them unless told otherwise. */
  exit?: Ending & { afterMs: number; launches?: number };
  /** Of all checks, or of each by name; they pass after 500 ms unless told otherwise. */
  checks?: ScriptedCheck[] | Record<string, ScriptedCheck[]>;
  /** It cannot be launched, for this reason. */
  unlaunchable?: string;
  exec?: (command: string[]) => Executed;
  log?: string[];
  /** What listens in it, as "0.0.0.0:8080"; the ports of its services unless told otherwise. */
  listens?: string[];
}

/** What a machine of an image does, where not all of them do the same. */
export type ScriptFor = (launch: Launch) => Script;

const usualChecks: ScriptedCheck[] = [{ afterMs: 500, status: "passing", output: "ok" }];

/** Machines that run only on paper, each as the script of its image says. */
export class ScriptedRuntime implements Runtime {
  readonly #scripts = new Map<string, ScriptFor>();
  readonly #missing = new Set<string>();
  readonly #launches = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly usual: Script = {},
  ) {}

  /** From the next launch on. */
  script(image: string, script: Script | ScriptFor): void {
    this.#scripts.set(image, typeof script === "function" ? script : () => script);
  }

  knows(image: string): boolean {
    return !this.#missing.has(image);
  }

  /** There is no such image from now on. */
  forget(image: string): void {
    this.#missing.add(image);
  }

  launch(launch: Launch, listener: Listener): Run {
    const key = `${launch.id} ${launch.version}`;
    const count = (this.#launches.get(key) ?? 0) + 1;
    this.#launches.set(key, count);
    const script = { ...this.usual, ...this.#scripts.get(launch.config.image)?.(launch) };
    return new ScriptedRun(this.clock, script, launch, listener, count);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class ScriptedRun implements Run {
  #plans: (() => void)[] = [];
  #over = false;

  constructor(
    private readonly clock: Clock,
    private readonly script: Script,
    private readonly launch: Launch,
    private readonly listener: Listener,
    private readonly count: number,
  ) {
    const { unlaunchable } = script;
    this.plan(script.bootMs ?? 300, () => {
      if (unlaunchable !== undefined) return this.end(() => listener.unlaunchable(unlaunchable));
      listener.started();
      this.planChecks();
      this.planExit();
    });
  }

  stop(_signal: string, graceMs: number): void {
    this.drop();
    const late = (this.script.stopMs ?? 100) > graceMs;
    const ending: Ending = late ? { code: 137, signal: 9 } : { code: 0 };
    this.plan(late ? graceMs : (this.script.stopMs ?? 100), () =>
      this.end(() => this.listener.ended(ending)),
    );
  }

  signal(name: string): void {
    if (name === "SIGKILL")
      this.plan(10, () => this.end(() => this.listener.ended({ code: 137, signal: 9 })));
  }

  suspend(): void {
    this.drop();
  }

  resume(): void {
    this.planChecks();
  }

  cordon(): void {
    // The proxy of a machine on paper sends nothing anyway.
  }

  exec(command: string[]): Promise<Executed> {
    return Promise.resolve(this.script.exec?.(command) ?? { exit_code: 0, stdout: "", stderr: "" });
  }

  processes() {
    const ports = (this.launch.config.services ?? []).flatMap(({ internal_port: port }) => port ?? []);
    const addresses = this.script.listens ?? ports.map((port) => `0.0.0.0:${port}`);
    const listen_sockets = addresses.map((address) => ({ proto: "tcp", address }));
    return Promise.resolve([{ pid: 1, command: this.launch.config.image, listen_sockets }]);
  }

  backend(): undefined {
    return undefined;
  }

  log(): Promise<string[]> {
    return Promise.resolve(this.script.log ?? []);
  }

  private planChecks(): void {
    for (const one of checksOf(this.launch.config)) {
      this.listener.checked(one.name, "critical", "the check has not run yet");
      for (const { afterMs, status, output } of this.stepsOf(one)) {
        this.plan(afterMs, () => this.listener.checked(one.name, status, output ?? ""));
      }
    }
  }

  private stepsOf({ name }: NamedCheck): ScriptedCheck[] {
    const { checks } = this.script;
    return (Array.isArray(checks) ? checks : checks?.[name]) ?? usualChecks;
  }

  private planExit(): void {
    const { exit } = this.script;
    if (!exit || this.count > (exit.launches ?? Infinity)) return;
    const { afterMs, code, signal, oom } = exit;
    this.plan(afterMs, () => this.end(() => this.listener.ended({ code, signal, oom })));
  }

  private plan(ms: number, work: () => void): void {
    this.#plans.push(after(this.clock, ms, () => !this.#over && work()));
  }

  private end(tell: () => void): void {
    this.#over = true;
    this.drop();
    tell();
  }

  private drop(): void {
    for (const cancel of this.#plans.splice(0)) cancel();
  }
}
