import { setTimeout as sleep } from "node:timers/promises";
import type { MachineView } from "./contract";
import { MachineFolder, type MachineRecord } from "./machine-folder";
import { isRunning, signalGroup } from "./process-identity";

/** The machines that a folder tells of while no daemon watches them, with whether they still run. */
export function leftMachines(folder: string): MachineView[] {
  return MachineFolder.all(folder, () => undefined).map(([place, record]) => ({
    spec: record.spec,
    state: stateOf(record),
    pid: runs(record) ? (record.process?.pid ?? null) : null,
    port: record.port,
    health: { status: "unknown", output: "nobody watches it", at: null },
    cordoned: record.cordoned,
    inFlight: 0,
    restarts: record.restarts,
    exit: record.exit,
    log: place.log,
  }));
}

/** Ends and forgets them: asked first, cut at their deadline. */
export async function stopLeftMachines(folder: string): Promise<void> {
  await Promise.all(
    MachineFolder.all(folder, () => undefined).map(async ([place, record]) => {
      await end(record);
      place.remove();
    }),
  );
}

async function end({ process: left, spec }: MachineRecord): Promise<void> {
  if (!left || !signalGroup(left, spec.stop.signal)) return;
  const deadline = performance.now() + spec.stop.timeoutMs;
  while (isRunning(left) && performance.now() < deadline) await sleep(20);
  signalGroup(left, "SIGKILL");
}

function runs(record: MachineRecord): boolean {
  return record.process !== null && isRunning(record.process);
}

function stateOf(record: MachineRecord): MachineView["state"] {
  if (runs(record)) return record.state;
  return record.wanted ? "failed" : "stopped";
}
