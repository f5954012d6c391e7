import {
  FlyNotFound,
  LeaseBusy,
  LeaseLost,
  UnknownOutcome,
  type FlyApi,
  type FlyMachine,
} from "../../drivers/fly-api";
import { OperatorError, type Clock, type Progress } from "../../support";
import type { LeaseNote } from "./lease-note";

const ttlSeconds = 30;
const heartbeatMs = 4000;
const pauseMs = 2000;
const releaseMs = 10_000;

interface Held {
  machine: string;
  nonce: string;
  /** Of the lease, as lists show it. */
  version: string | undefined;
  expiresAt: number;
}

export interface LockOptions {
  api: FlyApi;
  app: string;
  clock: Clock;
  signal: AbortSignal;
  progress: Progress;
  /** How long another's lease is waited for. */
  patienceMs: number;
  note?: LeaseNote | undefined;
}

/**
 * The right to deploy an app: the lease of its oldest machine, which Fly's own tool takes as well. It ends by itself
 * half a minute after its holder does, or as soon as somebody comes who has the note of it.
 */
export class DeploymentLock {
  readonly #lost = new AbortController();
  readonly #over = new AbortController();
  #held: Held | undefined;
  #taken = false;
  #beating: Promise<void> = Promise.resolve();

  constructor(private readonly options: LockOptions) {}

  /** Fires when the lease is another's or has ended: nothing more may be written. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  get machine(): string | undefined {
    return this.#held?.machine;
  }

  /** Takes the lease of the machine; waits for another's as long as the patience lasts, and says whose it is. */
  async take(machine: string): Promise<void> {
    const { api, app, clock, signal, progress, patienceMs } = this.options;
    const end = clock.now() + patienceMs;
    for (let told = false; ;) {
      try {
        const wish = { ttlSeconds, description: "dnd deployment", signal };
        const { nonce, version } = await api.leases.acquire(app, machine, wish);
        return await this.hold(machine, nonce, version);
      } catch (error) {
        // A lease whose answer was lost ends by itself like that of a process that was killed.
        if (!(error instanceof LeaseBusy || error instanceof UnknownOutcome)) throw error;
        if (await this.giveBackLeft(machine)) continue;
        if (clock.now() >= end) throw error;
        if (!told) progress(`waiting for the deployment that holds the lease of ${machine}: ${error.said}`);
        told = true;
      }
      await clock.sleep(pauseMs, signal);
    }
  }

  /** Goes on with the lease that a creation gave. */
  async hold(machine: string, nonce: string, version?: string): Promise<void> {
    const expiresAt = this.options.clock.now() + ttlSeconds * 1000;
    this.#held = { machine, nonce, version, expiresAt };
    this.#beating = this.beat();
    this.#taken = true;
    await this.options.note?.write(machine, nonce);
  }

  /** To be asked before every write. */
  assertHeld(): void {
    const held = this.#held;
    if (held && this.options.clock.now() >= held.expiresAt) this.lose(ended(held.machine));
    this.#lost.signal.throwIfAborted();
  }

  /** Notices in a list that was asked for anyway, long before the next heartbeat, that the lease is another's. */
  witness(machines: readonly FlyMachine[]): void {
    const held = this.#held;
    const seen = machines.find(({ id }) => id === held?.machine)?.lease?.version;
    if (held?.version !== undefined && seen != null && seen !== held.version) this.lose(ended(held.machine));
  }

  /** What a write to this machine has to show. */
  nonceFor(machine: string): string | undefined {
    return this.#held?.machine === machine ? this.#held.nonce : undefined;
  }

  /** Gives the lease back, also when the work was interrupted; once only. */
  async release(): Promise<void> {
    this.#over.abort();
    await this.#beating;
    const held = this.#held;
    this.#held = undefined;
    const { api, app, note } = this.options;
    // Before the lease: afterwards there may be the note of whoever has it then.
    if (this.#taken) await note?.clear();
    if (!held || this.#lost.signal.aborted) return;
    const signal = AbortSignal.timeout(releaseMs);
    await api.leases.release(app, held.machine, held.nonce, { signal }).catch(() => undefined);
  }

  /** Forgets the lease: its machine is gone, and the lease with it. */
  forget(): void {
    this.#over.abort();
    this.#held = undefined;
  }

  /** Gives back what a process that is gone had noted, once; tells whether there was such a note. */
  private async giveBackLeft(machine: string): Promise<boolean> {
    const { api, app, signal, note } = this.options;
    const nonce = await note?.leftOf(machine);
    if (nonce === undefined) return false;
    await note?.clear();
    await api.leases.release(app, machine, nonce, { signal }).catch(() => signal.throwIfAborted());
    return true;
  }

  private async beat(): Promise<void> {
    const { api, app, clock } = this.options;
    const { signal } = this.#over;
    while (!signal.aborted && this.#held) {
      await clock.sleep(heartbeatMs, signal).catch(() => undefined);
      const held = this.#held;
      if (signal.aborted || !held) return;
      try {
        await api.leases.refresh(app, held.machine, { ttlSeconds, nonce: held.nonce, signal });
        held.expiresAt = clock.now() + ttlSeconds * 1000;
      } catch (error) {
        if (error instanceof LeaseLost || error instanceof LeaseBusy || error instanceof FlyNotFound)
          this.lose(error);
      }
    }
  }

  private lose(error: Error): void {
    if (!this.#over.signal.aborted) this.#lost.abort(error);
  }
}

function ended(machine: string): OperatorError {
  return new OperatorError({
    code: "fly-lease-lost",
    message: `the lease of machine ${machine} has ended or is another's`,
    remedy: "Look whether another deployment runs, then run the command again.",
    kind: "locked",
  });
}
