import { Resolver } from "node:dns/promises";
import type { MachineAddress } from "../../infra/engines/monitoring";
import type { Settings } from "../../stacks/settings";

export type FindMachines = (signal: AbortSignal) => Promise<MachineAddress[]>;

/** Where each machine of a stack's app is asked: on this computer, inside of Fly's network, or by the public address. */
export function machinesOf(
  { app }: Pick<Settings, "app">,
  { local, url }: { local: boolean; url: string },
): FindMachines {
  if (local) return () => localMachines(app.name, app.checks.path);
  if (process.env.FLY_APP_NAME === app.name) {
    const [group = "app"] = Object.entries(app.processes).find(([, { http }]) => http) ?? [];
    const place = { app: app.name, group, port: app.internalPort, path: app.checks.path };
    return (signal) => flyMachines(place, signal);
  }
  return async () => [publicMachine(url)];
}

/** Seen from outside all machines are one. */
export function publicMachine(url: string): MachineAddress {
  return { id: new URL(url).host, region: null, url };
}

async function localMachines(app: string, path: string): Promise<MachineAddress[]> {
  const { observeMachines } =
    require("../../infra/engines/machines") as typeof import("../../infra/engines/machines");
  const { running, dead } = await observeMachines(app);
  const at = (port: number) => `http://127.0.0.1:${port}${path}`;
  return [
    ...running.map(({ name, port }) => ({ id: name, region: "local", url: at(port) })),
    // One that does not run is asked where nobody answers.
    ...dead.map((id) => ({ id, region: "local", url: at(1) })),
  ];
}

interface FlyPlace {
  app: string;
  group: string;
  port: number;
  path: string;
}

/** Fly's own names tell which machines there are, where, and which of them serve; no token is needed for it. */
async function flyMachines(
  { app, group, port, path }: FlyPlace,
  signal: AbortSignal,
): Promise<MachineAddress[]> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  signal.addEventListener("abort", () => resolver.cancel(), { once: true });
  const [all, serving] = await Promise.all([
    resolver.resolveTxt(`vms.${app}.internal`),
    resolver.resolve6(`${group}.process.${app}.internal`),
  ]);
  const machines = parseMachines(all.map((parts) => parts.join("")));
  const found = await Promise.all(
    machines.map(async ({ id, region }) => {
      const [address] = await resolver.resolve6(`${id}.vm.${app}.internal`).catch(() => []);
      return address !== undefined && serving.includes(address)
        ? { id, region, url: `http://[${address}]:${port}${path}` }
        : undefined;
    }),
  );
  return found.flatMap((one) => one ?? []);
}

/** "d891 iad,e28d ord" as machines with their regions. */
export function parseMachines(texts: readonly string[]): { id: string; region: string }[] {
  return texts
    .flatMap((text) => text.split(","))
    .flatMap((one) => {
      const [id, region] = one.trim().split(/\s+/);
      return id && region ? [{ id, region }] : [];
    });
}
