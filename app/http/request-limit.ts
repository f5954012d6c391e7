import { HttpProblem } from "./problem";

export interface RequestLimit {
  /** So many at once, and so many a minute when it goes on, of each client. */
  perMinute: number;
  /** Fly's proxy says where a request comes from; nobody else is believed. */
  behindFly: boolean;
  now?: () => number;
}

/** Those seen last are remembered; whoever makes up addresses pushes out his own. */
const clientsAtMost = 10_000;

/** Lets each client make so many requests; health checks and those whose limit is their own are not counted. */
export function requestLimit({
  perMinute,
  behindFly,
  now = Date.now,
}: RequestLimit): (request: Request) => void {
  const perMs = perMinute / 60_000;
  const clients = new Map<string, { left: number; seen: number }>();
  return ({ url, headers }) => {
    if (/^\/(health|metrics|api\/(health|monitoring))(\/|$)/.test(new URL(url).pathname)) return;
    const said = behindFly ? headers.get("fly-client-ip") : null;
    const client = networkOf(said ?? headers.get("x-peer-address") ?? "");
    const at = now();
    const { left, seen } = clients.get(client) ?? { left: perMinute, seen: at };
    const may = Math.min(perMinute, left + Math.max(0, at - seen) * perMs);
    clients.delete(client);
    clients.set(client, { left: may < 1 ? may : may - 1, seen: at });
    const [oldest] = clients.keys();
    if (clients.size > clientsAtMost && oldest !== undefined) clients.delete(oldest);
    if (may >= 1) return;
    const seconds = Math.max(1, Math.ceil((1 - may) / perMs / 1000));
    throw new HttpProblem(429, "too many requests, try again later", [], { "retry-after": String(seconds) });
  };
}

/** Who has one address of IPv6 has all of its network. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [before = "", after] = address.split("::");
  const first = before.split(":");
  const last = after === undefined || after === "" ? [] : after.split(":");
  const filled =
    after === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill("0");
  return [...first, ...filled, ...last].slice(0, 4).join(":");
}
