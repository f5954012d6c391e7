import { join } from "node:path";
import { existsSync } from "node:fs";
import { observeHost, type MachineView } from "../../drivers/processes";
import { localFolder } from "../../support";

/** A machine as it is now. */
export interface SeenMachine {
  name: string;
  port: number;
  pid: number;
  version: string;
  digest: string;
}

export interface ObservedMachine extends SeenMachine {
  /** Answers its checks and may get requests. */
  healthy: boolean;
  /** Tells its environment from another, without telling what is in it. */
  fingerprint: string;
}

export interface ObservedMachines {
  running: ObservedMachine[];
  /** Known machines that do not run. */
  dead: string[];
  /** Null when no router answers for them. */
  url: string | null;
  /** An update was cut off: the next one carries on from there. */
  unfinished: boolean;
}

export const addressOf = (port: number) => `http://127.0.0.1:${port}`;

/** Looks at the machines of an app. Changes nothing, starts nothing. */
export async function observeMachines(app: string): Promise<ObservedMachines> {
  const folder = localFolder("machines");
  const seen = await observeHost(folder);
  const own = seen?.machines.filter((one) => one.spec.group === app) ?? [];
  const route = seen?.routes.find((one) => one.group === app && one.listening);
  return {
    running: own.filter((one) => one.pid !== null).map(asObserved),
    dead: own.filter((one) => one.pid === null).map((one) => one.spec.id),
    url: route ? addressOf(route.port) : null,
    unfinished: existsSync(join(folder, "update.json")),
  };
}

/** A machine in the form that outputs have. */
export function asSeen({ spec, port, pid }: MachineView): SeenMachine {
  const { version = "", digest = "" } = spec.metadata;
  return { name: spec.id, port: port ?? 0, pid: pid ?? 0, version, digest };
}

function asObserved(machine: MachineView): ObservedMachine {
  const healthy = machine.state === "started" && machine.health.status === "passing" && !machine.cordoned;
  return { ...asSeen(machine), healthy, fingerprint: machine.spec.metadata.fingerprint ?? "" };
}
