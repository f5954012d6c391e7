import type { Db } from "mongodb";
import { holdLease } from "./lease";

/** What a monitor may do just now. */
export interface Standing {
  /** Probes, records, alerts. */
  leads: boolean;
  /** The lease is held for sure: only then is anything done that must not be done twice, such as a backup. */
  certain: boolean;
  /** Who holds it, as far as is known. */
  holder: string | null;
}

export interface LeadershipOptions {
  holder: string;
  leaseMs?: number;
  /** Milliseconds that only go forward. */
  now?: () => number;
}

/** So short that a second monitor which asks every ten seconds leads within a minute. */
export const monitorLeaseMs = 30_000;

/**
 * Which of several monitors leads. While the database does not answer nobody can be asked, so whoever led goes on and
 * tells of it, and after a whole lease of silence every other one does too: an alert twice is better than none.
 */
export class Leadership {
  private held = false;
  private renewedAt: number;
  private holder: string | null = null;
  private readonly leaseMs: number;
  private readonly now: () => number;

  constructor(private readonly options: LeadershipOptions) {
    this.leaseMs = options.leaseMs ?? monitorLeaseMs;
    this.now = options.now ?? (() => performance.now());
    this.renewedAt = this.now();
  }

  /** Asks for the lease; where the database does not answer what was last known goes on. */
  async renew(ops: Db): Promise<Standing> {
    const asked = this.now();
    try {
      const lease = await holdLease(ops, {
        name: "monitor",
        holder: this.options.holder,
        leaseMs: this.leaseMs,
      });
      this.held = lease.holder === this.options.holder;
      this.holder = lease.holder;
      this.renewedAt = asked;
    } catch {
      // What is not known is in the standing.
    }
    return this.standing();
  }

  /** How it stands without asking. */
  standing(): Standing {
    const silent = this.now() - this.renewedAt >= this.leaseMs;
    return {
      leads: this.held || silent,
      certain: this.held && !silent,
      holder: this.holder,
    };
  }
}
