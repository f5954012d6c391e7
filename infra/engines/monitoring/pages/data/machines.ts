import type { Db } from "mongodb";
import { latestMetrics, type StoredMetric } from "../../metrics";

/** A machine that serves people, and how it is. */
export interface MachineShown {
  id: string;
  region: string | null;
  /** Null where nobody has asked it. */
  healthy: boolean | null;
  version: string | null;
  why: string | null;
}

/** A machine tells of itself every ten seconds and a monitor looks every thirty: what is silent longer is gone. */
const silentMs = 120_000;

/** The machines that told of themselves or were looked at lately, with what those who ask know better. */
export async function readMachines(
  ops: Db,
  { environment, known, now }: { environment: string; known: readonly MachineShown[]; now: Date },
): Promise<MachineShown[]> {
  const since = new Date(now.getTime() - silentMs);
  const names = ["requests", "unhealthyMachines"];
  const recorded = await latestMetrics(ops, { names, environment, since });
  const machines = new Map<string, MachineShown>();
  for (const metric of recorded) {
    const id = machineOf(metric);
    if (id === undefined) continue;
    const healthy = metric.meta.name === "unhealthyMachines" ? metric.value === 0 : null;
    const before = machines.get(id);
    machines.set(id, {
      id,
      region: null,
      version: null,
      why: null,
      healthy: healthy ?? before?.healthy ?? null,
    });
  }
  // How long a machine took to answer is another number each time, and no news.
  for (const { id, region, healthy, version, why } of known)
    machines.set(id, { id, region, healthy, version, why });
  return [...machines.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The monitor names what it is about, the machine itself. */
function machineOf({ meta: { labels = {} } }: StoredMetric): string | undefined {
  return labels.machine ?? /^machine (.+)$/.exec(labels.subject ?? "")?.[1];
}
