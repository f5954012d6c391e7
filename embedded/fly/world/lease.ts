import { refuse, type Refusal } from "../refusal";
import { nonce } from "./ids";

/** The right to change a machine, for a while. */
export interface Lease {
  nonce: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  owner: string;
  description: string;
  version: string;
}

/** Who may change a machine now. */
export class LeaseBook {
  #lease: Lease | undefined;

  constructor(
    private readonly now: () => number,
    private readonly newVersion: () => string,
  ) {}

  get current(): Lease | undefined {
    if (this.#lease && this.#lease.expiresAt <= this.now()) this.#lease = undefined;
    return this.#lease;
  }

  /** A new lease, or with the nonce of the current one a longer one. */
  take(owner: string, ttlSeconds: number, description: string, shown: string | undefined): Lease {
    const lease = this.current;
    const expiresAt = this.now() + ttlSeconds * 1000;
    if (lease && lease.nonce !== shown) throw busy(lease);
    if (!lease && shown !== undefined) throw refuse(404, "lease not found");
    this.#lease = lease
      ? { ...lease, expiresAt }
      : { nonce: nonce(), expiresAt, owner, description, version: this.newVersion() };
    return this.#lease;
  }

  /**
   * Refuses a change by anyone but the holder. The nonce of a lease that has ended is no hindrance where nobody holds
   * one, or Fly's own tool could not clear up after itself; `strict` refuses it, which no client should need.
   */
  guard(shown: string | undefined, strict: boolean): void {
    const lease = this.current;
    if (lease && lease.nonce !== shown) throw busy(lease);
    if (!lease && shown !== undefined && strict) throw refuse(404, "lease not found");
  }

  release(shown: string | undefined): void {
    const lease = this.current;
    if (!lease) throw refuse(404, "lease not found");
    if (shown === undefined)
      throw refuse(400, "invalid_argument: fly-machine-lease-nonce header is required");
    if (lease.nonce !== shown) throw busy(lease);
    this.#lease = undefined;
  }

  /** Another's lease is there from now on, as a test wants it. */
  seize(owner: string, ttlSeconds: number): Lease {
    this.#lease = undefined;
    return this.take(owner, ttlSeconds, "", undefined);
  }
}

function busy({ owner, expiresAt }: Lease): Refusal {
  const until = new Date(expiresAt).toISOString();
  return refuse(409, `lease currently held by ${owner}, expires at ${until}`);
}
