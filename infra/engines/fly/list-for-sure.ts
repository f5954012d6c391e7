import { FlyError, FlyNotAllowed, FlyNotFound, type FlyMachine } from "../../drivers/fly-api";
import type { Deployment } from "./deployment";

const patienceMs = 120_000;
const pauseMs = 2000;

/**
 * The app's machines for a step that a deployment cannot do without: a storm of refusals at its end, when the new
 * version serves already, must not make a failure of it.
 */
export async function listForSure({ api, wish, clock, signal }: Deployment): Promise<FlyMachine[]> {
  for (const end = clock.now() + patienceMs; ;) {
    try {
      return await api.machines.list(wish.app, { signal });
    } catch (error) {
      const passes =
        error instanceof FlyError && !(error instanceof FlyNotAllowed || error instanceof FlyNotFound);
      if (!passes || clock.now() >= end) throw error;
    }
    await clock.sleep(pauseMs, signal);
  }
}
