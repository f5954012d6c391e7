import type { MachineConfig } from "../../drivers/fly-api";
import type { Deployment } from "./deployment";

/** Says that the app listens where nobody calls it; undefined when that is not the trouble, or nobody knows. */
export async function whatListens(
  { api, wish, signal }: Deployment,
  machine: string,
  config: MachineConfig,
): Promise<{ told: string; elsewhere: boolean } | undefined> {
  const wanted = (config.services ?? []).flatMap(({ internal_port: port }) => port ?? []);
  const processes = await api.machines.processes(wish.app, machine, { signal }).catch(() => undefined);
  if (!processes || wanted.length === 0) return undefined;
  const addresses = processes.flatMap((one) => (one.listen_sockets ?? []).map(({ address }) => address));
  const missing = wanted.find((port) => !addresses.some((address) => isReached(address, port)));
  if (missing === undefined) return undefined;
  const there =
    addresses.length > 0 ? `the app listens on ${addresses.join(", ")}` : "the app listens nowhere";
  const told = `${there}, and the service calls port ${missing} on all addresses`;
  return { told, elsewhere: addresses.length > 0 };
}

/** What listens on the machine's own loop alone is not reached from outside. */
function isReached(address: string, port: number): boolean {
  return address.endsWith(`:${port}`) && !/^(127\.|\[?::1\]?:)/.test(address);
}
