import type { AppSettings } from "./app-settings";

/** A machine of the app's first region goes to a database that lets nobody in but the app. */
export function flyWay(app: AppSettings): { app: string; region: string | null } {
  return { app: app.name, region: egressRegions(app)[0] ?? null };
}

/** The regions that machines may run in, each of which has a fixed address for what leaves it; none where nothing has. */
export function egressRegions({ addresses, regions, fallbackRegions }: AppSettings): string[] {
  return addresses.egress ? [...new Set([...regions, ...fallbackRegions])] : [];
}
