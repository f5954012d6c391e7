import type { LogFindings } from "../engines/health";
import type { Serving } from "./hold-writes";

const linesOfMachine = 2000;

/** What the machines of an app have logged since a moment; undefined where none of them can be read from here. */
export async function machineLogs(
  { host, app }: Serving,
  since: Date,
  signal: AbortSignal,
): Promise<LogFindings | undefined> {
  const logs = host === "local" ? await local(app) : await atFly(app, signal);
  const lines = logs.flatMap((one) => one.lines);
  if (lines.length === 0) return undefined;
  return (require("../engines/health") as typeof import("../engines/health")).scanLogs(lines, since);
}

function local(app: string) {
  const machines = require("../engines/machines") as typeof import("../engines/machines");
  return machines.machineLogs(app, linesOfMachine);
}

function atFly(app: string, signal: AbortSignal) {
  const fly = require("../engines/fly") as typeof import("../engines/fly");
  const { flyClient } = require("./fly-client") as typeof import("./fly-client");
  return fly.machineLogs(app, linesOfMachine, { api: flyClient(), signal });
}
