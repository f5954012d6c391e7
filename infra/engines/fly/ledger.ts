import type { FlyMachine, MachineConfig } from "../../drivers/fly-api";

/** A machine that is not as it was before the deployment. */
export interface Changed {
  kind: "updated" | "created";
  /** As the last write left it. */
  now: FlyMachine;
  /** As it was found; for one that was made, as it was made. */
  found: FlyMachine;
  /** The last configuration that was proven; undefined for a machine that is to go. */
  before: () => Promise<MachineConfig | undefined>;
}

/** What a deployment has changed so far, in order: what the way back has to undo. */
export class Ledger {
  /** Machines that serve no more and still run. */
  readonly hidden = new Set<FlyMachine>();
  readonly #changed = new Map<string, Changed>();

  get changed(): Changed[] {
    return [...this.#changed.values()];
  }

  of(id: string): Changed | undefined {
    return this.#changed.get(id);
  }

  /** Keeps how the machine was at first, whatever is written after that. */
  note(change: Changed): void {
    const first = this.#changed.get(change.now.id);
    this.#changed.set(change.now.id, first ? { ...first, now: change.now } : change);
  }

  forget(id: string): void {
    this.#changed.delete(id);
  }
}
