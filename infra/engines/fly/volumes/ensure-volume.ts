import { UnknownOutcome, type FlyVolume, type VolumeCreation } from "../../../drivers/fly-api";
import type { Deployment } from "../deployment";
import { isFree, type VolumePart } from "./shelf";

const usualGb = 1;
const pauseMs = 1000;
const looks = 5;
const tries = 4;

/** The id of the volume that a machine is to have: as large as wanted, and made where there is none. */
export async function ensureVolume(deployment: Deployment, part: VolumePart): Promise<string> {
  if (part.id !== undefined) {
    await growVolume(deployment, part);
    return part.id;
  }
  // One after the other: a volume whose answer was lost is told from a neighbour's by being nobody's.
  return deployment.volumes.inTurn(() => make(deployment, part));
}

/** Whether the machine that has the volume must start again to see all of it. */
export async function growVolume(deployment: Deployment, { id, growth }: VolumePart): Promise<boolean> {
  if (id === undefined || !growth) return false;
  const { api, wish, lock, signal, progress } = deployment;
  progress(`growing volume ${id} from ${growth.fromGb} to ${growth.toGb} GB`);
  lock.assertHeld();
  return (await api.volumes.extend(wish.app, id, growth.toGb, { signal })).needsRestart;
}

async function make(deployment: Deployment, part: VolumePart): Promise<string> {
  const { api, wish, signal, progress, volumes } = deployment;
  const known = new Set((await api.volumes.list(wish.app, { signal })).map(({ id }) => id));
  const creation: VolumeCreation = {
    ...{ name: part.name, region: part.region, size_gb: part.sizeGb ?? usualGb },
    ...(part.encrypted === undefined ? {} : { encrypted: part.encrypted }),
    ...(part.snapshotRetention === undefined ? {} : { snapshot_retention: part.snapshotRetention }),
    ...(part.scheduledSnapshots === undefined ? {} : { auto_backup_enabled: part.scheduledSnapshots }),
  };
  progress(`making volume ${part.name} of ${creation.size_gb} GB in ${part.region}`);
  for (let attempt = 1; ; attempt++) {
    try {
      const { id } = await api.volumes.create(wish.app, creation, { signal });
      volumes.made.push(id);
      return id;
    } catch (error) {
      if (!(error instanceof UnknownOutcome)) throw error;
      const made = await findMade(deployment, part, known);
      if (made) {
        volumes.made.push(made.id);
        return made.id;
      }
      if (attempt === tries) throw error;
    }
  }
}

/** The volume that an order whose answer was lost may have made; looked for before the order is given again. */
async function findMade(
  { api, wish, clock, signal }: Deployment,
  { name, region }: VolumePart,
  known: ReadonlySet<string>,
): Promise<FlyVolume | undefined> {
  for (let look = 0; look < looks; look++) {
    const found = (await api.volumes.list(wish.app, { signal })).find(
      (one) => !known.has(one.id) && isFree(one) && one.name === name && one.region === region,
    );
    if (found) return found;
    await clock.sleep(pauseMs, signal);
  }
  return undefined;
}
