import type { Clock } from "../../../infra/support";
import { refuse } from "../refusal";
import { after } from "./timer";

const resting = ["started", "stopped", "suspended", "failed"];
const final = ["destroyed", "replaced", "migrated"];

/** What somebody waits for. */
export interface Wish {
  states: string[];
  version: string | undefined;
  fromEvent: string | undefined;
  timeoutMs: number;
  signal: AbortSignal;
}

export interface Reached {
  state: string;
  version: string;
  event_id: string;
}

/** What a machine is now, for those who wait. */
export interface Moment {
  state: string;
  version: string;
  newestEvent: string;
  known: readonly string[];
}

/** Those who wait for a state of one machine. */
export class Waiters {
  readonly #looks = new Set<() => void>();

  constructor(
    private readonly clock: Clock,
    private readonly moment: () => Moment,
  ) {}

  /** To be called after every change. */
  changed(): void {
    for (const look of [...this.#looks]) look();
  }

  wait(wish: Wish): Promise<Reached> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const reached = this.reached(wish);
        if (!reached) return;
        end();
        resolve(reached);
      };
      const end = () => {
        cancel();
        wish.signal.removeEventListener("abort", end);
        this.#looks.delete(look);
      };
      const cancel = after(this.clock, wish.timeoutMs, () => {
        end();
        const { state } = this.seenAs(wish);
        const text = `machine failed to reach desired state, ${wish.states.join(",")}, currently ${state}`;
        reject(refuse(408, `deadline_exceeded: ${text}`));
      });
      wish.signal.addEventListener("abort", end, { once: true });
      this.#looks.add(look);
      look();
    });
  }

  private reached(wish: Wish): Reached | undefined {
    const { state, version, newestEvent } = this.seenAs(wish);
    if (wish.fromEvent !== undefined && newestEvent <= wish.fromEvent) return undefined;
    const met = wish.states.some(
      (wanted) => wanted === state || (wanted === "settled" && [...resting, ...final].includes(state)),
    );
    return met ? { state, version, event_id: newestEvent } : undefined;
  }

  /** An old version is always "replaced". */
  private seenAs({ version }: Wish): Moment {
    const now = this.moment();
    if (version === undefined || version === now.version) return now;
    if (!now.known.includes(version)) throw refuse(404, "machine version not found");
    return { ...now, state: "replaced", version };
  }
}
