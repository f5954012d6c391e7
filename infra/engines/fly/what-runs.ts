import type { Deployment } from "./deployment";
import { fleetOf, imageOf } from "./fleet";
import { listForSure } from "./list-for-sure";

/** What there is after all, from a fresh look: "2 started with web:v1 (web-iad-1, web-iad-2)"; nothing where none can be had. */
export async function whatRuns(deployment: Deployment): Promise<string[]> {
  const machines = await listForSure(deployment).catch(() => []);
  const { own, passing } = fleetOf(machines);
  const alike = new Map<string, string[]>();
  for (const machine of [...own, ...passing]) {
    const words = `${machine.state} with ${imageOf(machine)}`;
    alike.set(words, [...(alike.get(words) ?? []), machine.name]);
  }
  return [...alike].map(([words, names]) => `${names.length} ${words} (${names.sort().join(", ")})`);
}
