import type { Collection } from "mongodb";
import { atDatabase, type DatabaseAddress } from "../../infra/drivers/mongo";
import type { CleanupPart } from "./item";
import { nothing } from "./item";

const keptMs = 2 * 365 * 86_400_000;

interface Incident {
  _id: number;
  title?: string;
  closedAt?: Date | null;
}

/** Incidents that were closed two years ago: until then somebody may ask what happened. */
export async function oldIncidents(address: DatabaseAddress | null, now: Date): Promise<CleanupPart> {
  if (!address) return nothing;
  const incidents = await read(address);
  const old = incidents.filter(({ closedAt }) => closedAt && now.getTime() - closedAt.getTime() > keptMs);
  return {
    items: old.map(({ _id, title, closedAt }) => ({
      ...{ kind: "incident" as const, id: String(_id), bytes: null },
      why: `${title ?? ""} closed on ${closedAt?.toISOString().slice(0, 10) ?? ""}`.trim(),
    })),
    remove: ({ id }) => remove(address, Number(id)),
    notes: [],
  };
}

function read(address: DatabaseAddress): Promise<Incident[]> {
  return atIncidents(address, (incidents) => incidents.find({}).toArray());
}

async function remove(address: DatabaseAddress, _id: number): Promise<void> {
  await atIncidents(address, (incidents) => incidents.deleteOne({ _id }));
}

function atIncidents<T>(
  address: DatabaseAddress,
  work: (incidents: Collection<Incident>) => Promise<T>,
): Promise<T> {
  return atDatabase(address, "migration", { appName: "dnd-cleanup" }, ({ ops }) =>
    work(ops.collection<Incident>("incidents")),
  );
}
