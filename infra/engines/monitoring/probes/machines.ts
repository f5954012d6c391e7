import { z } from "zod";
import { anySignal, jsonOf, messageOf, smallRequest } from "../../../support";
import type { Figure } from "../figure";
import type { Probe } from "./probe";

/** One machine of the app, and where its health is asked. */
export interface MachineAddress {
  id: string;
  region: string | null;
  /** Such as http://127.0.0.1:3001/api/health. */
  url: string;
}

/** What a machine said of itself. */
export interface MachineHealth extends Omit<MachineAddress, "url"> {
  healthy: boolean;
  version: string | null;
  ms: number;
  why: string | null;
}

const healthBody = z.object({ status: z.string().optional(), version: z.string().optional() });

/** Probes every machine of the app by its own address, all at the same time. */
export function machinesProbe(
  addresses: (signal: AbortSignal) => Promise<MachineAddress[]>,
  remember: (seen: MachineHealth[]) => void = () => undefined,
): Probe {
  return {
    name: "machines",
    deadlineMs: 8000,
    look: async (at, signal) => {
      const machines = await addresses(signal);
      const seen = await Promise.all(machines.map((one) => askMachine(one, signal)));
      remember(seen);
      return machineFigures(seen, at);
    },
  };
}

/** A verdict on each machine, and one on the app: it is down where no machine is well. */
export function machineFigures(seen: readonly MachineHealth[], at: Date): Figure[] {
  const each = seen.map(({ id, healthy, why }) => ({
    name: "unhealthyMachines" as const,
    subject: `machine ${id}`,
    value: healthy ? 0 : 1,
    at,
    ...(why === null ? {} : { note: why }),
  }));
  if (seen.length === 0) return [];
  const well = seen.filter(({ healthy }) => healthy).length;
  return [
    ...each,
    {
      name: "serviceDown",
      subject: "app",
      value: well === 0 ? 1 : 0,
      at,
      note: `${well} of ${seen.length} machines are healthy`,
    },
  ];
}

const machineMs = 4000;

async function askMachine({ url, ...machine }: MachineAddress, signal: AbortSignal): Promise<MachineHealth> {
  const started = performance.now();
  const said = (healthy: boolean, version: string | null, why: string | null): MachineHealth => ({
    ...machine,
    healthy,
    version,
    ms: performance.now() - started,
    why,
  });
  try {
    const { status, text } = await smallRequest(url, {
      signal: anySignal([signal, AbortSignal.timeout(machineMs)]),
      headers: { "user-agent": "dnd-monitor" },
    });
    const body = healthBody.safeParse(jsonOf(text)).data ?? {};
    const healthy = status >= 200 && status < 300;
    const why = healthy ? null : `${status} ${body.status ?? ""}`.trim();
    return said(healthy, body.version ?? null, why);
  } catch (error) {
    return said(false, null, messageOf(error));
  }
}
