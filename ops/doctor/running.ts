import { isFree } from "../../infra/drivers/processes";
import { observeLocalMongo } from "../../infra/engines/database";
import { observeMachines, type ObservedMachines } from "../../infra/engines/machines";
import { localFolder } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { missing, ok, warning, type Finding } from "./finding";
import { examineHistory } from "./history";

/** What of the local stack runs: its address, its database and its machines. */
export async function examineRunning(settings: Settings, deployed: boolean): Promise<Finding[]> {
  const machines = await observeMachines(settings.app.name);
  const address = await examineAddress(settings.app.port, machines.url);
  if (!deployed && machines.running.length === 0) return [address];
  const database = settings.database.kind === "embedded" ? await examineDatabase(settings) : [];
  return [address, ...database, ...examineMachines(machines, settings.app.machines)];
}

async function examineDatabase({ backup }: Settings): Promise<Finding[]> {
  const seen = await observeLocalMongo(localFolder("mongo"));
  if (seen.state === "ready") {
    const serves = ok("database", `serves at ${seen.address.uri}`);
    return [serves, ...(await examineHistory(seen.address, backup))];
  }
  const why = seen.state === "absent" ? "its data is gone" : seen.why;
  return [missing("database", `does not serve: ${why}`, "`dnd up` starts it.")];
}

function examineMachines({ running, dead, unfinished }: ObservedMachines, wanted: number): Finding[] {
  const healthy = running.filter((machine) => machine.healthy).length;
  const found = `${healthy} of ${wanted} healthy${dead.length > 0 ? `, ended: ${dead.join(", ")}` : ""}`;
  const machines =
    healthy >= wanted
      ? ok("machines", found)
      : missing("machines", found, "`dnd up` starts what is missing.");
  if (!unfinished) return [machines];
  return [machines, warning("update", "an update was cut off", "`dnd up` carries on from there.")];
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
