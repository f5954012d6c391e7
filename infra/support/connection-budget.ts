/** Of each machine's own connections to a member of the database, at most; the reference app opens no more. */
export const poolOfMachine = 20;
/** The run that deploys, the monitor and whoever looks by hand. */
const others = 30;
/** From such a share of what a server takes it is worth knowing. */
const tightFrom = 0.75;

/** What a fleet and its runs may have open at once while a release has so many machines beside it. */
export function connectionsNeeded(fleet: { machines: number; besides: number }): number {
  return (fleet.machines + fleet.besides) * poolOfMachine + others;
}

/** Whether a server that takes so many has room for as many as are needed. */
export function connectionsFit(needed: number, limit: number): "well" | "tightly" | "not" {
  if (needed > limit) return "not";
  return needed > limit * tightFrom ? "tightly" : "well";
}
