/** A request as a fault may choose by it. */
export interface SeenRequest {
  method: string;
  path: string;
  /** "create", "update", "lease", "look", as the rate limit counts; undefined for a path that there is not. */
  action: string | undefined;
  /** The number of the request, from 0. */
  index: number;
}

/** What goes wrong. */
export type Harm =
  /** An error instead of the work, or in the place of its answer once it is done. */
  | {
      kind: "status";
      status: number;
      when?: "before" | "after";
      body?: unknown;
      headers?: Record<string, string>;
    }
  /** The connection ends without an answer. */
  | { kind: "reset"; when?: "before" | "after" }
  | { kind: "slow"; ms: number };

export interface Fault {
  /** Which requests: by action, by method and part of the path, or as a function sees fit. */
  action?: string;
  method?: string;
  path?: RegExp;
  choose?: (request: SeenRequest) => boolean;
  /** So many requests; one unless told otherwise. */
  times?: number;
  /** So many requests that it would fit are let through first. */
  skip?: number;
  harm: Harm;
}

/** Raised where the connection is to be cut; it has the code that a client gets to see. */
export class ConnectionCut extends Error {
  readonly code = "ECONNRESET";
}

/** What a test lets go wrong, in the order in which it was ordered. */
export class Faults {
  #ordered: { fault: Fault; left: number; skip: number }[] = [];

  /** From the next request on; what it gives takes the rest of it back. */
  add(fault: Fault): () => void {
    const order = { fault, left: fault.times ?? 1, skip: fault.skip ?? 0 };
    this.#ordered.push(order);
    return () => (this.#ordered = this.#ordered.filter((one) => one !== order));
  }

  clear(): void {
    this.#ordered = [];
  }

  /** What goes wrong with this request; used up by it. */
  strike(request: SeenRequest): Harm[] {
    const harms: Harm[] = [];
    for (const order of this.#ordered) {
      if (!fits(order.fault, request)) continue;
      if (order.skip > 0) order.skip--;
      else if (order.left > 0) {
        order.left--;
        harms.push(order.fault.harm);
      }
    }
    this.#ordered = this.#ordered.filter(({ left }) => left > 0);
    return harms;
  }
}

function fits({ action, method, path, choose }: Fault, request: SeenRequest): boolean {
  if (action !== undefined && action !== request.action) return false;
  if (method !== undefined && method !== request.method) return false;
  if (path && !path.test(request.path)) return false;
  return choose?.(request) ?? true;
}
