import type { FlyApi } from "../../drivers/fly-api";
import type { Clock } from "../../support";
import { fleetOf, isPassing, type Fleet } from "./fleet";
import { volumeIdOf } from "./volumes";

export interface ObserveOptions {
  api: FlyApi;
  app: string;
  clock: Clock;
  signal: AbortSignal;
  /** How long machines that are on their way from one state to another are waited for. */
  settleMs?: number;
  /** Volumes are looked at even where no machine has one yet. */
  volumes?: boolean;
}

const usualSettleMs = 60_000;
const pauseMs = 1000;

/** Looks at the app's machines once they rest: a plan made while they move would take them for stopped. */
export async function observeFleet(options: ObserveOptions): Promise<Fleet> {
  const { api, app, clock, signal } = options;
  const end = clock.now() + (options.settleMs ?? usualSettleMs);
  for (;;) {
    const fleet = fleetOf(await api.machines.list(app, { signal, includeLeases: true }));
    // One that cannot come up moves for ever; it is planned for as it is.
    if (!fleet.own.some(isPassing) || clock.now() >= end) {
      const matter = options.volumes === true || fleet.own.some((one) => volumeIdOf(one) !== undefined);
      return matter ? { ...fleet, volumes: await api.volumes.list(app, { signal }) } : fleet;
    }
    await clock.sleep(pauseMs, signal);
  }
}
