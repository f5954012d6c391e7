import { checksOf, type Service } from "../world/config";
import type { Machine } from "../world/machine";

/** Runs, offers a service, and is known to the proxy. */
export function isServed(machine: Machine): boolean {
  return machine.state === "started" && !machine.cordoned && hasService(machine);
}

/** Every check that keeps requests away passes; a machine without such checks gets them as soon as it runs. */
export function checksPass(machine: Machine): boolean {
  return checksOf(machine.config)
    .filter(({ routes, check }) => routes || check.kind === "readiness")
    .every(({ name }) => machine.checks.get(name)?.status === "passing");
}

/** Sleeps, and may be started by a request. */
export function mayWake(machine: Machine): boolean {
  const may = machine.config.services?.some(({ autostart }) => autostart !== false) ?? false;
  return may && !machine.cordoned && ["stopped", "suspended"].includes(machine.state);
}

/** What becomes of a machine that nobody asks. */
export function autostopOf({ autostop }: Service): "stop" | "suspend" | undefined {
  if (autostop === "suspend") return "suspend";
  return autostop === true || autostop === "stop" ? "stop" : undefined;
}

function hasService({ config }: Machine): boolean {
  return (config.services ?? []).some(({ ports }) => (ports ?? []).length > 0);
}
