import { scanLogs, type LogFindings } from "../../infra/engines/health";
import type { Settings } from "../../stacks/settings";

const linesOfMachine = 2000;

/** What the machines of a stack have logged since its release; undefined where none of them can be read from here. */
export async function stackLogs(
  { app, database }: Settings,
  since: Date,
  signal: AbortSignal,
): Promise<LogFindings | undefined> {
  const logs = database.kind === "embedded" ? await local(app.name) : await atFly(app.name, signal);
  const lines = logs.flatMap((one) => one.lines);
  return lines.length > 0 ? scanLogs(lines, since) : undefined;
}

function local(app: string) {
  const { machineLogs } =
    require("../../infra/engines/machines") as typeof import("../../infra/engines/machines");
  return machineLogs(app, linesOfMachine);
}

function atFly(app: string, signal: AbortSignal) {
  const { machineLogs } = require("../../infra/engines/fly") as typeof import("../../infra/engines/fly");
  const { openFlyApiOf } =
    require("../../infra/drivers/fly-api") as typeof import("../../infra/drivers/fly-api");
  return machineLogs(app, linesOfMachine, { api: openFlyApiOf(process.env), signal });
}
