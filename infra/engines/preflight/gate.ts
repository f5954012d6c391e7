import type { Site } from "./site";

export type GateState = "ok" | "warn" | "fail" | "unknown";

/** What a gate has found. */
export interface Finding {
  state: GateState;
  reason: string;
  /** How to mend it; null where nothing has to be. */
  remedy: string | null;
  /** Whether a strict release is refused for it, too, though it is no failure. */
  strictly?: boolean;
}

/** One thing that must hold before anything is touched. */
export interface Gate {
  name: string;
  /** Also looked at on the way back: what only a release forward needs must not hold up a rollback. */
  onRollback?: true;
  look(site: Site): Promise<Finding> | Finding;
}

export function ok(reason: string): Finding {
  return { state: "ok", reason, remedy: null };
}

/** A release may go on; a strict one may not. */
export function warn(reason: string, remedy: string): Finding {
  return { state: "warn", reason, remedy, strictly: true };
}

/** Worth knowing, and no reason to refuse even a strict release. */
export function note(reason: string, remedy: string): Finding {
  return { state: "warn", reason, remedy };
}

export function fail(reason: string, remedy: string): Finding {
  return { state: "fail", reason, remedy };
}

/** Nobody could look: neither good nor bad. */
export function unknown(reason: string, remedy: string): Finding {
  return { state: "unknown", reason, remedy };
}
