import {
  maintenanceNow,
  setMaintenance,
  settleMaintenance,
  type Maintenance,
} from "../../infra/engines/maintenance";
import { confirmIn } from "../confirm-in";
import { atOperations, type OperationsAt } from "../operations-database";
import { printResult, type Terminal } from "../terminal";
import { announce } from "./announce";
import { requireFitting, type MaintenanceOptions } from "./options";
import { maintenanceText } from "./text";
import { windowOf } from "./window";

export { requireFitting, type ActionName, type MaintenanceOptions } from "./options";

/** Turns the switch that the app reads every second, and tells those who want to know. */
export async function maintenance(options: MaintenanceOptions, terminal: Terminal): Promise<number> {
  requireFitting(options);
  return atOperations(options, async (at) => {
    const known = await turned(options, at, terminal);
    const { pass, ...shown } = known;
    const told = options.action === "status" ? null : await announce(options, at, known, terminal);
    printResult(terminal, { stack: options.stack, ...shown, guarded: pass !== null, told }, () =>
      maintenanceText(known),
    );
    return 0;
  });
}

async function turned(
  options: MaintenanceOptions,
  { ops, settings }: OperationsAt,
  terminal: Terminal,
): Promise<Maintenance> {
  const { action, reason } = options;
  const now = new Date();
  if (action === "status") return settleMaintenance(ops, now);
  const before = await maintenanceNow(ops, now);
  if (action === "off") {
    if (before.release !== null && before.on)
      await releaseIsOver(options, settings?.environment, before, terminal);
    return setMaintenance(ops, { on: false, reason }, now);
  }
  const wish = windowOf(options, now);
  const loss =
    action === "on"
      ? "Players get a 503 from now on."
      : `Players get a 503 from ${wish.from?.toISOString()} on.`;
  if (settings?.environment === "production")
    await confirmIn("production", options, { action: "switch maintenance mode", loss }, terminal);
  return setMaintenance(ops, wish, now);
}

/** The window of a release guards data that is on its way: only on somebody's word. */
async function releaseIsOver(
  options: MaintenanceOptions,
  environment: string | undefined,
  { by, reason }: Maintenance,
  terminal: Terminal,
): Promise<void> {
  const loss = `${by} opened it for ${reason}: what players write now may be lost when that goes on.`;
  await confirmIn(environment, options, { action: "end its maintenance mode", loss }, terminal);
}
