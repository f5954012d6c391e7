import type { FlyApi, FlyMachine, MachineCreation } from "../../../drivers/fly-api";
import type { Clock } from "../../../support";

const looks = 5;
const pauseMs = 1000;

/** Makes a machine whose name is of this creation alone: should the answer be lost, it is found by that, and no second one is made. */
export async function madeOnce(
  app: string,
  creation: MachineCreation & { name: string },
  { api, clock, signal }: { api: FlyApi; clock: Clock; signal: AbortSignal },
): Promise<FlyMachine> {
  try {
    return await api.machines.create(app, creation, { signal });
  } catch (error) {
    signal.throwIfAborted();
    for (let look = 0; look < looks; look++) {
      const found = (await api.machines.list(app, { signal })).find(({ name }) => name === creation.name);
      if (found) return found;
      await clock.sleep(pauseMs, signal);
    }
    throw error;
  }
}
