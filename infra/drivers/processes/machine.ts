import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, waitFor } from "../../support";
import type { MachineEnv, MachineExit, MachineHealth, MachineSpec, MachineState } from "./contract";
import { describeExit, kernelOomKills } from "./exit";
import { freePort } from "./free-port";
import { holdProcess, type HeldProcess } from "./launch";
import type { MachineFolder, MachineRecord } from "./machine-folder";
import { HealthWatch } from "./machine-health";
import { isRunning, signalGroup, type ProcessIdentity } from "./process-identity";

/** After this long in health, earlier restarts no longer count. */
const steadyMs = 30_000;
/** How often an adopted process, whose end the system does not report to us, is looked for. */
const lookMs = process.platform === "linux" ? 200 : 2000;
const killedMs = 5000;

/** One machine: a process that is launched, watched, started again by its policy, and stopped. */
export class Machine {
  #state: MachineState = "stopped";
  #process: ProcessIdentity | null = null;
  #port: number | null = null;
  #health: HealthWatch | undefined;
  #cordoned = false;
  #proven = false;
  #wanted = false;
  #restarts = 0;
  #exit: MachineExit | null = null;
  #launchedAt = 0;
  #oomKills: number | undefined;
  #left = false;
  #launching: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #pause: AbortController | undefined;

  constructor(
    readonly spec: MachineSpec,
    private readonly env: MachineEnv,
    private readonly folder: MachineFolder,
    private readonly portsTaken: () => Set<number>,
  ) {}

  /** Takes over what an earlier daemon wrote down: the process when it still runs, else by its policy. */
  static adopt(record: MachineRecord, folder: MachineFolder, portsTaken: () => Set<number>): Machine {
    const machine = new Machine(record.spec, folder.env(), folder, portsTaken);
    machine.#state = record.state;
    machine.#process = record.process;
    machine.#port = record.port;
    machine.#cordoned = record.cordoned;
    machine.#proven = record.proven;
    machine.#wanted = record.wanted;
    machine.#restarts = record.restarts;
    machine.#exit = record.exit;
    return machine;
  }

  get state(): MachineState {
    return this.#state;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  get port(): number | null {
    return this.#port;
  }

  get health(): MachineHealth {
    return this.#health?.health ?? { status: "unknown", output: "", at: null };
  }

  get cordoned(): boolean {
    return this.#cordoned;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get exit(): MachineExit | null {
    return this.#exit;
  }

  get log(): string {
    return this.folder.log;
  }

  /** May get new requests. */
  get ready(): boolean {
    return this.#state === "started" && !this.#cordoned && this.health.status === "passing";
  }

  cordon(cordoned: boolean): void {
    this.#cordoned = cordoned;
    this.save();
  }

  /** Starts it now, whatever it waits for; one that runs goes on. */
  async start(): Promise<void> {
    await this.#stopping;
    if (this.#state === "starting" || this.#state === "started") return;
    this.#pause?.abort();
    this.#restarts = 0;
    await this.launch();
  }

  /** Continues what the record says, after an adoption. */
  async resume(): Promise<void> {
    const alive = this.#process !== null && isRunning(this.#process);
    if (!this.#wanted) return alive ? this.stop() : this.rest("stopped");
    if (alive && this.#process && this.#port !== null) {
      this.#state = "started";
      this.#launchedAt = Date.now();
      this.watch(this.#port);
      void this.lookForEnd(this.#process);
      await this.#health?.look();
      return;
    }
    if (this.#state !== "failed" && this.#state !== "stopped") await this.ended(null, null);
  }

  /** Ends it: refuses new requests at once, waits for `drained`, asks, and cuts at the deadline. */
  stop(drained: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    this.#stopping ??= this.end(drained).finally(() => (this.#stopping = undefined));
    return this.#stopping;
  }

  /** Lets go of a process that shall outlive this daemon. */
  leave(): void {
    this.#left = true;
    this.#health?.stop();
    this.#pause?.abort();
  }

  private launch(): Promise<void> {
    this.#wanted = true;
    this.#state = "starting";
    this.save();
    this.#launching = this.spawn().finally(() => (this.#launching = undefined));
    return this.#launching;
  }

  private async spawn(): Promise<void> {
    const { spec } = this;
    const port = spec.port ?? (await freePort(this.#port, this.portsTaken()));
    this.#port = port;
    this.#oomKills = kernelOomKills();
    const held = await holdProcess({
      command: spec.command,
      cwd: spec.cwd,
      env: { ...this.env, PORT: String(port), MACHINE_ID: spec.id },
      log: this.folder.log,
    }).catch((error: unknown) => {
      this.rest("failed");
      throw error;
    });
    this.#process = held.identity;
    this.#launchedAt = Date.now();
    this.#state = "started";
    this.writeDown(held);
    held.child.once("exit", (code, signal) => void this.ended(code, signal, held.identity));
    held.go();
    this.watch(port);
  }

  /** Before it goes: a machine that cannot be written down must not run, for nobody would find it again. */
  private writeDown(held: HeldProcess): void {
    try {
      this.folder.record(this.record());
    } catch (error) {
      held.drop();
      this.#process = null;
      this.#state = "failed";
      throw error;
    }
  }

  private watch(port: number): void {
    this.#health?.stop();
    this.#health = new HealthWatch(this.spec.check, port, () => this.passed());
    this.#health.start();
  }

  private passed(): void {
    if (this.#restarts > 0 && Date.now() - this.#launchedAt > steadyMs) this.#restarts = 0;
    if (this.#proven) return;
    this.#proven = true;
    this.save();
  }

  private async lookForEnd(watched: ProcessIdentity): Promise<void> {
    while (!this.#left && this.#process === watched) {
      if (!isRunning(watched)) return this.ended(null, null, watched);
      await sleep(lookMs);
    }
  }

  private async ended(
    code: number | null,
    signal: NodeJS.Signals | null,
    which: ProcessIdentity | null = this.#process,
  ): Promise<void> {
    if (this.#left || which !== this.#process) return;
    if (which && (code !== null || signal !== null)) sweep(which.pid);
    this.#process = null;
    this.#health?.stop();
    this.#health = undefined;
    const asked = !this.#wanted;
    // No longer "started" before the first pause: the router must not send one more request.
    if (!asked) this.#state = "waiting";
    const oomKillsBefore = this.#oomKills;
    this.#exit = await describeExit({ code, signal, asked, log: this.log, oomKillsBefore });
    if (asked) return this.save();
    if (!this.deservesRestart(this.#exit)) return this.rest(code === 0 ? "stopped" : "failed");
    await this.startAgain();
  }

  private deservesRestart(exit: MachineExit): boolean {
    const { policy, maxRetries, provenOnly } = this.spec.restart;
    if (policy === "no" || (policy === "on-failure" && exit.code === 0)) return false;
    return (this.#proven || !provenOnly) && this.#restarts < maxRetries;
  }

  private async startAgain(): Promise<void> {
    const { firstDelayMs, maxDelayMs } = this.spec.restart;
    const delay = Math.min(maxDelayMs, firstDelayMs * 2 ** this.#restarts);
    this.#restarts++;
    this.save();
    const pause = new AbortController();
    this.#pause = pause;
    await sleep(delay, undefined, { signal: pause.signal }).catch(() => undefined);
    if (pause.signal.aborted || this.#state !== "waiting") return;
    await this.launch().catch(() => undefined);
  }

  private async end(drained: () => Promise<void>): Promise<void> {
    this.#pause?.abort();
    await this.#launching?.catch(() => undefined);
    this.#wanted = false;
    const running = this.#process;
    if (!running) return this.rest("stopped");
    this.#state = "stopping";
    this.save();
    await drained();
    const { signal, timeoutMs } = this.spec.stop;
    const gone = () => (this.#process === running ? undefined : true);
    signalGroup(running, signal);
    await waitFor(gone, { what: `${this.spec.id} to stop`, timeoutMs, intervalMs: 20 }).catch(async () => {
      signalGroup(running, "SIGKILL");
      await waitFor(gone, { what: `${this.spec.id} to be killed`, timeoutMs: killedMs, intervalMs: 20 });
    });
    this.rest("stopped");
  }

  private rest(state: MachineState): void {
    this.#state = state;
    this.save();
  }

  /** A full disk must not end what runs: the record is behind until the next step. */
  private save(): void {
    // After leaving, the record is another supervisor's.
    if (this.#left) return;
    try {
      this.folder.record(this.record());
    } catch (error) {
      process.emitWarning(`the record of ${this.spec.id} cannot be written: ${messageOf(error)}`);
    }
  }

  private record(): MachineRecord {
    return {
      version: 1,
      spec: this.spec,
      wanted: this.#wanted,
      state: this.#state,
      process: this.#process,
      port: this.#port,
      cordoned: this.#cordoned,
      proven: this.#proven,
      restarts: this.#restarts,
      exit: this.#exit,
    };
  }
}

/** What a machine left behind in its group goes with it; the number of a group in use is not given out again. */
function sweep(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing was left behind.
  }
}
