import { spawn } from "node:child_process";
import { once } from "node:events";
import { waitFor } from "../../infra/support";
import { freePort } from "../../infra/drivers/processes";

interface Toxic {
  type: "latency" | "limit_data" | "reset_peer" | "bandwidth" | "timeout";
  stream: "upstream" | "downstream";
  attributes: Record<string, number>;
}

export interface ToxicProxy {
  /** Where to connect in place of the server. */
  port: number;
  /** Spoils the connection until `heal`. */
  spoil(toxic: Toxic): Promise<void>;
  heal(): Promise<void>;
  /** Refuses new connections and cuts those that stand. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  stop(): Promise<void>;
}

/** A toxiproxy of its own before a server of this machine. */
export async function startToxiproxy(upstreamPort: number): Promise<ToxicProxy> {
  const control = await freePort();
  const port = await freePort();
  const server = spawn("toxiproxy-server", ["-host", "127.0.0.1", "-port", String(control)], {
    stdio: "ignore",
  });
  const ended = once(server, "exit");
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${control}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}),
    });
    if (!answer.ok) throw new Error(`toxiproxy: ${answer.status} ${await answer.text()}`);
  };
  const up = () =>
    fetch(`http://127.0.0.1:${control}/version`).then(
      () => true as const,
      () => undefined,
    );
  await waitFor(up, { what: "toxiproxy", timeoutMs: 10_000, intervalMs: 50 });
  await ask("POST", "/proxies", {
    name: "server",
    listen: `127.0.0.1:${port}`,
    upstream: `127.0.0.1:${upstreamPort}`,
    enabled: true,
  });
  let toxics = 0;
  return {
    port,
    spoil: (toxic) => ask("POST", "/proxies/server/toxics", { name: `toxic${(toxics += 1)}`, ...toxic }),
    heal: () => ask("POST", "/reset"),
    cut: () => ask("POST", "/proxies/server", { enabled: false }),
    mend: () => ask("POST", "/proxies/server", { enabled: true }),
    async stop() {
      server.kill();
      await ended;
    },
  };
}
