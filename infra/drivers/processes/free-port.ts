import { createServer } from "node:net";

// Below the range that systems hand out for outgoing connections, so nobody takes a port between choice and use.
const lowest = 20_000;
const highest = 32_000;

/** A port of this machine that nothing listens on; the preferred one when that is free. */
export async function freePort(
  preferred: number | null = null,
  taken: ReadonlySet<number> = new Set(),
): Promise<number> {
  if (preferred !== null && (await isFree(preferred))) return preferred;
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`found no free port between ${lowest} and ${highest}`);
}

/** True when nothing listens there on this machine. */
export function isFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
