import type { AppSettings } from "./app-settings";

/** The regions that machines may run in, each of which has a fixed address for what leaves it; none where nothing has. */
export function egressRegions({ addresses, regions, fallbackRegions }: AppSettings): string[] {
  return addresses.egress ? [...new Set([...regions, ...fallbackRegions])] : [];
}
