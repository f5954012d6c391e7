import type { DeployOptions } from "./deploy";
import { deploy } from "./deploy";
import { usualGate } from "./wish";

/** Ends all machines that were made here, and no other; volumes stay. */
export async function removeOwnMachines(app: string, options: DeployOptions): Promise<void> {
  if (!(await options.api.apps.get(app, { signal: options.signal }))) return;
  await deploy({ app, groups: [], strategy: { kind: "immediate" }, gate: usualGate }, options);
}
