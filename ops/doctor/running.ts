import { isFree } from "../../infra/drivers/processes";
import { observeMachines } from "../../infra/engines/machines";
import type { Settings } from "../../stacks/settings";
import { missing, ok, warning, type Finding } from "./finding";

/** What of the local stack runs: its address and its machines. */
export async function examineRunning(settings: Settings, deployed: boolean): Promise<Finding[]> {
  const { name, port, machines: wanted } = settings.app;
  const { running, dead, url, unfinished } = await observeMachines(name);
  const address = await examineAddress(port, url);
  if (!deployed && running.length === 0) return [address];
  const healthy = running.filter((machine) => machine.healthy).length;
  const found = `${healthy} of ${wanted} healthy${dead.length > 0 ? `, ended: ${dead.join(", ")}` : ""}`;
  const machines =
    healthy >= wanted
      ? ok("machines", found)
      : missing("machines", found, "`dnd up` starts what is missing.");
  if (!unfinished) return [address, machines];
  return [address, machines, warning("update", "an update was cut off", "`dnd up` carries on from there.")];
}

async function examineAddress(port: number, url: string | null): Promise<Finding> {
  const wanted = `http://127.0.0.1:${port}`;
  if (url === wanted) return ok("address", `${url} is ours`);
  if (await isFree(port)) return ok("address", `port ${port} is free`);
  return missing(
    "address",
    `something else listens on port ${port}`,
    "End it, or choose another port: app.port in the settings.",
  );
}
