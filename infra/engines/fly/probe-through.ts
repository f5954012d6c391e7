import { withDeadline } from "../../support";
import type { Probe } from "./wish";

const patienceMs = 5000;

/** Asks one machine at the app's own address: the proxy gives the request to that machine and to no other. */
export function probeThrough(url: string, path: string): Probe {
  const at = new URL(path, url);
  return async (machine, signal) => {
    const headers = { "fly-force-instance-id": machine };
    const started = performance.now();
    const ok = await withDeadline(
      patienceMs,
      async (limit) => {
        const response = await fetch(at, { headers, signal: limit });
        await response.arrayBuffer();
        return response.ok;
      },
      signal,
    );
    return { ok, ms: performance.now() - started };
  };
}
