import type { DeployOptions } from "./deploy";
import { deploy } from "./deploy";
import { usualGate } from "./wish";

/** Ends all machines that were made here, and no other; tells of their volumes, which stay. */
export async function removeOwnMachines(app: string, options: DeployOptions): Promise<string[]> {
  if (!(await options.api.apps.get(app, { signal: options.signal }))) return [];
  const wish = { app, groups: [], strategy: { kind: "immediate" as const }, gate: usualGate };
  return (await deploy(wish, options)).plan.kept;
}
