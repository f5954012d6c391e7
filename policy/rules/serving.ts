import { listAt, objectAt } from "./rule";

type Value = Record<string, unknown>;

/** How many machines answer at each port; groups that answer at the same one do so together. */
export function machinesAtPorts(groups: Value[]): { port: string; machines: number }[] {
  const found = new Map<string, number>();
  for (const group of groups)
    for (const port of new Set(listAt(objectAt(group, "config"), "services").flatMap(portsOf)))
      found.set(port, (found.get(port) ?? 0) + countOf(group));
  if (found.size === 0) return [{ port: "nothing", machines: 0 }];
  return [...found].map(([port, machines]) => ({ port, machines }));
}

function portsOf(service: Value): string[] {
  const ports = listAt(service, "ports").map(
    ({ port, start_port: first }) => `port ${String(port ?? first)}`,
  );
  return ports.length > 0 ? ports : [`inside at port ${String(service.internal_port)}`];
}

function countOf(group: Value): number {
  return Object.values(objectAt(group, "counts")).reduce<number>((sum, count) => sum + Number(count), 0);
}
