import { FlyError, type FlyApi, type MachineConfig } from "../../drivers/fly-api";
import { canBeDoubled, groupOf } from "./strategies/change";
import type { Plan } from "./plan-deployment";
import type { DeployWish } from "./wish";
import { mountOf } from "./volumes";

/** Machines that are alike and are to be made in one region. */
export interface RoomWish {
  group: string;
  region: string;
  count: number;
  config: MachineConfig;
}

/** What Fly sees of room for what is to be made; of both nothing where it does not say. */
export interface Room {
  /** Machines that go to another region than they were to. */
  moving: string[];
  /** Machines for which there is none anywhere. */
  lacking: string[];
}

export interface RoomOptions {
  api: FlyApi;
  signal?: AbortSignal | undefined;
}

const bytesPerGb = 1024 ** 3;

/** The machines that a plan makes, a second fleet included; those on volumes that are there go where these are. */
function roomWanted({ operations }: Plan, { strategy }: Pick<DeployWish, "strategy">): RoomWish[] {
  const wishes = new Map<string, RoomWish>();
  for (const operation of operations) {
    const makes =
      operation.kind === "create" ||
      operation.kind === "replace" ||
      (operation.kind === "update" && strategy.kind === "bluegreen" && canBeDoubled(operation));
    if (!makes || operation.to.volume?.id !== undefined) continue;
    const { region, config } = operation.to;
    const group = groupOf(operation);
    const wish = wishes.get(`${group} ${region}`) ?? { group, region, config, count: 0 };
    wishes.set(`${group} ${region}`, { ...wish, count: wish.count + 1 });
  }
  return [...wishes.values()];
}

/** The room for what a plan makes. */
export async function roomFor(plan: Plan, wish: DeployWish, options: RoomOptions): Promise<Room> {
  const wishes = roomWanted(plan, wish);
  const organization = wishes.length > 0 ? await organizationOf(wish, options) : undefined;
  if (organization === undefined) return { moving: [], lacking: [] };
  return seeRoom(wishes, { organization, fallback: wish.fallbackRegions }, options);
}

async function organizationOf(
  { app, organization }: DeployWish,
  { api, signal }: RoomOptions,
): Promise<string | undefined> {
  return organization ?? (await api.apps.get(app, { signal }))?.organization?.slug;
}

/** Asks Fly whether it has room before anything is touched; a machine without a volume may go to a region to fall back on. */
export async function seeRoom(
  wishes: readonly RoomWish[],
  { organization, fallback = [] }: { organization: string; fallback?: readonly string[] | undefined },
  options: RoomOptions,
): Promise<Room> {
  const room: Room = { moving: [], lacking: [] };
  for (const wish of wishes) {
    let missing = wish.count - (await placesFor(wish, organization, options));
    const elsewhere = mountOf(wish.config) ? [] : fallback.filter((region) => region !== wish.region);
    for (const region of elsewhere) {
      if (missing <= 0) break;
      const moving = Math.min(
        missing,
        await placesFor({ ...wish, region, count: missing }, organization, options),
      );
      if (moving > 0)
        room.moving.push(
          `${moving} of group ${wish.group} go to ${region}: ${wish.region} has no room for them`,
        );
      missing -= moving;
    }
    if (missing > 0) room.lacking.push(lackOf(wish, missing, elsewhere));
  }
  return room;
}

function lackOf({ group, region, count, config }: RoomWish, missing: number, elsewhere: string[]): string {
  const { cpu_kind: kind = "shared", cpus = 1, memory_mb: memory } = config.guest ?? {};
  const size = `${cpus} ${kind} cpus${memory === undefined ? "" : ` and ${memory} MB`}`;
  const tried = elsewhere.length > 0 ? `, nor in ${elsewhere.join(", ")}` : "";
  return `there is no room for ${missing} of ${count} machines of group ${group} with ${size} in ${region}${tried}`;
}

/** So many of the machines find a place; all of them where Fly does not say, for then only trying tells. */
async function placesFor(
  { region, count, config }: RoomWish,
  organization: string,
  { api, signal }: RoomOptions,
): Promise<number> {
  const { cpu_kind, cpus, memory_mb } = config.guest ?? {};
  const compute = {
    ...(cpu_kind ? { cpu_kind } : {}),
    ...(cpus ? { cpus } : {}),
    ...(memory_mb ? { memory_mb } : {}),
  };
  const mount = mountOf(config);
  const question = {
    ...{ org_slug: organization, region, count },
    ...(Object.keys(compute).length > 0 ? { compute } : {}),
    ...(mount ? { volume_name: mount.name ?? "", volume_size_bytes: (mount.size_gb ?? 1) * bytesPerGb } : {}),
  };
  try {
    const placements = await api.platform.placements(question, { signal });
    return placements.find((one) => one.region === region)?.count ?? 0;
  } catch (error) {
    if (error instanceof FlyError) return count;
    throw error;
  }
}
