import { waitFor } from "../../support";
import type { Machine } from "./machine";
import type { Supervisor } from "./supervisor";

const lookMs = 250;
const wakeMs = 15_000;

/** When a machine was last used, and whether it is. */
export interface Usage {
  inFlight(id: string): number;
  lastUse(id: string): number | undefined;
}

/** Stops machines that nobody asks, where their spec allows it, and starts one when somebody does. */
export class Autostop {
  readonly #timer: NodeJS.Timeout;
  readonly #since = new Map<string, number>();
  readonly #waking = new Map<string, Promise<boolean>>();

  constructor(
    private readonly supervisor: Supervisor,
    private readonly usage: Usage,
  ) {
    this.#timer = setInterval(() => this.look(), lookMs).unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** Starts one machine of the group that sleeps and waits until it may get requests; all who ask meanwhile share it. */
  wake(group: string): Promise<boolean> {
    const waking = this.#waking.get(group) ?? this.wakeOne(group).finally(() => this.#waking.delete(group));
    this.#waking.set(group, waking);
    return waking;
  }

  private async wakeOne(group: string): Promise<boolean> {
    const asleep = this.supervisor
      .of(group)
      .find((one) => one.spec.autostop && one.state === "stopped" && !one.cordoned);
    if (!asleep) return false;
    const ready = () => (asleep.ready || asleep.state === "failed" ? true : undefined);
    try {
      await this.supervisor.start(asleep.spec.id);
      await waitFor(ready, { what: `${asleep.spec.id} to wake`, timeoutMs: wakeMs, intervalMs: 20 });
    } catch {
      return false;
    }
    return asleep.ready;
  }

  private look(): void {
    for (const machine of this.supervisor.awake()) {
      const { autostop, group, id } = machine.spec;
      if (!autostop || !this.isIdle(machine, autostop.idleMs)) continue;
      if (this.supervisor.ready(group).length <= autostop.minRunning) continue;
      this.#since.delete(id);
      void this.supervisor.stop(id).catch(() => undefined);
    }
  }

  /** Idle counts from the last request, and from the first look at a machine that had none yet. */
  private isIdle(machine: Machine, idleMs: number): boolean {
    const { id } = machine.spec;
    if (this.usage.inFlight(id) > 0) return false;
    const seen = this.#since.get(id) ?? Date.now();
    this.#since.set(id, seen);
    return Date.now() - Math.max(seen, this.usage.lastUse(id) ?? 0) >= idleMs;
  }
}
