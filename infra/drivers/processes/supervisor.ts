import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { MachineEnv, MachineSpec, MachineView } from "./contract";
import { otherMachine, unknownMachine } from "./errors";
import { rotateLog } from "./log-file";
import { Machine } from "./machine";
import { MachineFolder } from "./machine-folder";

/** What carries requests to machines, as much of it as stopping one needs. */
export interface Traffic {
  inFlight(id: string): number;
  /** Cuts answers that have no end of their own: nobody could wait for them. */
  cutStreams(id: string): void;
  /** Closes the idle connections to a machine that goes away. */
  release(id: string): void;
}

export const noTraffic: Traffic = {
  inFlight: () => 0,
  cutStreams: () => undefined,
  release: () => undefined,
};

const rotateMs = 30_000;
const adoptMs = 2000;
const drainLookMs = 10;

/** The machines of one folder: starts, watches and stops them, and takes over those of a supervisor that died. */
export class Supervisor {
  readonly #machines = new Map<string, Machine>();
  readonly #folders = new Map<string, MachineFolder>();
  readonly #rotation: NodeJS.Timeout;
  #traffic: Traffic = noTraffic;

  constructor(
    readonly folder: string,
    private readonly tell: (message: string) => void = () => undefined,
  ) {
    const rotate = () => this.#folders.forEach((one) => void rotateLog(one.log).catch(() => undefined));
    this.#rotation = setInterval(rotate, rotateMs).unref();
  }

  carry(traffic: Traffic): void {
    this.#traffic = traffic;
  }

  /** Takes over what is written down: running machines stay as they are, ended ones are started by their policy. */
  async adopt(): Promise<void> {
    const unreadable = (path: string, error: unknown) => {
      this.tell(`put aside a record that cannot be read: ${path}: ${String(error)}`);
      new MachineFolder(join(path, "..")).putAside();
    };
    const found = MachineFolder.all(this.folder, unreadable);
    for (const [folder, record] of found) {
      const machine = Machine.adopt(record, folder, () => this.ports());
      this.#machines.set(record.spec.id, machine);
      this.#folders.set(record.spec.id, folder);
    }
    // Without waiting for pauses before restarts: a daemon that is back should serve at once.
    await Promise.race([
      Promise.all([...this.#machines.values()].map((one) => one.resume())),
      sleep(adoptMs, undefined, { ref: false }),
    ]);
  }

  /** In the order of their ids. */
  list(): MachineView[] {
    const views = [...this.#machines.values()].map((machine) => this.viewOf(machine));
    return views.sort((a, b) => (a.spec.id < b.spec.id ? -1 : 1));
  }

  machine(id: string): MachineView {
    return this.viewOf(this.find(id));
  }

  /** The machines of a group that may get requests now. */
  ready(group: string): Machine[] {
    return this.of(group).filter((one) => one.ready);
  }

  /** The machines of all groups that may get requests now. */
  awake(): Machine[] {
    return [...this.#machines.values()].filter((one) => one.ready);
  }

  /** All machines of a group. */
  of(group: string): Machine[] {
    return [...this.#machines.values()].filter((one) => one.spec.group === group);
  }

  /** Makes a machine, without starting it. The very same machine again is fine, so a caller may repeat itself. */
  create(spec: MachineSpec, env: MachineEnv, options: { cordoned: boolean }): void {
    const existing = this.#machines.get(spec.id);
    if (existing) {
      if (isDeepStrictEqual(existing.spec, spec)) return;
      throw otherMachine(spec.id);
    }
    const folder = new MachineFolder(join(this.folder, spec.id));
    folder.create(env);
    const machine = new Machine(spec, env, folder, () => this.ports());
    this.#machines.set(spec.id, machine);
    this.#folders.set(spec.id, folder);
    machine.cordon(options.cordoned);
  }

  async start(id: string): Promise<void> {
    await this.find(id).start();
    this.tell(`started ${id}`);
  }

  cordon(id: string, cordoned: boolean): void {
    this.find(id).cordon(cordoned);
  }

  /** Sends it no new requests and waits until those in flight are answered; false when some were not in time. */
  async drain(id: string): Promise<boolean> {
    const machine = this.find(id);
    machine.cordon(true);
    const idle = await this.idle(machine);
    if (idle) this.#traffic.release(id);
    return idle;
  }

  /** Stops it gracefully: no new requests, those in flight end, then the signal, then the deadline. */
  async stop(id: string): Promise<void> {
    const machine = this.find(id);
    await machine.stop(async () => {
      await this.idle(machine);
      this.#traffic.release(id);
    });
    this.tell(`stopped ${id}`);
  }

  /** Stops it and forgets all about it. Removing what is not there succeeds. */
  async remove(id: string): Promise<void> {
    if (!this.#machines.has(id)) return;
    await this.stop(id);
    this.#folders.get(id)?.remove();
    this.#folders.delete(id);
    this.#machines.delete(id);
  }

  async removeAll(): Promise<void> {
    await Promise.all([...this.#machines.keys()].map((id) => this.remove(id)));
    this.close();
  }

  /** Lets go of all machines: they run on, for the next supervisor. Those whose record was deleted have none and end. */
  async leave(): Promise<void> {
    this.close();
    await Promise.all(
      [...this.#machines.values()].map((machine) =>
        this.#folders.get(machine.spec.id)?.exists ? machine.leave() : machine.stop(),
      ),
    );
  }

  private close(): void {
    clearInterval(this.#rotation);
  }

  private async idle(machine: Machine): Promise<boolean> {
    const deadline = performance.now() + machine.spec.drainMs;
    while (this.#traffic.inFlight(machine.spec.id) > 0) {
      this.#traffic.cutStreams(machine.spec.id);
      if (performance.now() >= deadline) return false;
      await sleep(drainLookMs);
    }
    return true;
  }

  private find(id: string): Machine {
    const machine = this.#machines.get(id);
    if (!machine) throw unknownMachine(id);
    return machine;
  }

  private ports(): Set<number> {
    return new Set([...this.#machines.values()].flatMap((one) => one.port ?? []));
  }

  private viewOf(machine: Machine): MachineView {
    const { spec, state, pid, port, health, cordoned, restarts, exit, log } = machine;
    const inFlight = this.#traffic.inFlight(spec.id);
    return { spec, state, pid, port, health, cordoned, inFlight, restarts, exit, log };
  }
}
