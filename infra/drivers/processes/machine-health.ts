import { setTimeout as sleep } from "node:timers/promises";
import type { HealthCheck, MachineHealth } from "./contract";
import { probe } from "./health-probe";

const eagerMs = 100;

/** Asks a machine again and again, from its launch to its end; often until it is healthy for the first time. */
export class HealthWatch {
  #health: MachineHealth = { status: "unknown", output: "", at: null };
  #failures = 0;
  readonly #stop = new AbortController();

  constructor(
    private readonly check: HealthCheck | null,
    private readonly port: number,
    private readonly onPass: () => void,
  ) {
    if (!check) this.#health = { status: "passing", output: "no check", at: null };
  }

  get health(): MachineHealth {
    return this.#health;
  }

  start(): void {
    if (this.check) void this.watch(this.check);
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Asks once, now. */
  async look(): Promise<void> {
    if (!this.check) return this.onPass();
    const answer = await probe(this.port, this.check.path, this.check.timeoutMs);
    if (this.#stop.signal.aborted) return;
    this.#failures = answer.ok ? 0 : this.#failures + 1;
    const at = new Date().toISOString();
    if (answer.ok) {
      this.#health = { status: "passing", output: answer.output, at };
      this.onPass();
    } else if (this.#health.status !== "passing" || this.#failures >= this.check.failures) {
      this.#health = { status: "critical", output: answer.output, at };
    }
  }

  private async watch(check: HealthCheck): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.look();
      const pause =
        this.#health.status === "passing" ? check.intervalMs : Math.min(eagerMs, check.intervalMs);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
