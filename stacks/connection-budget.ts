import { connectionsFit, connectionsNeeded, poolOfMachine } from "../infra/support";
import { SettingsError, type Settings } from "./settings";

/** What Atlas lets connect to one member of a cluster. */
const limits = { M0: 500, FLEX: 500, M10: 1500, M20: 3000, M30: 3000, M40: 6000, M50: 16_000 } as const;

/** What a stack's machines and its runs may have open at once, and what its cluster takes. */
export function connectionBudget(settings: Settings): { needed: number; limit: number } | null {
  const { database } = settings;
  return database.kind === "atlas" ? { needed: connectionsOf(settings), limit: limits[database.tier] } : null;
}

/** What a stack's machines and its runs may have open at once. */
export function connectionsOf({ app, database }: Settings): number {
  // Machines of this machine are one group and go one by one.
  if (database.kind === "embedded") return connectionsNeeded({ machines: app.machines, bluegreen: false });
  const counts = Object.values(app.processes).map((one) => one.machines ?? app.machines);
  const machines = counts.length > 0 ? counts.reduce((sum, one) => sum + one, 0) : app.machines;
  return connectionsNeeded({ machines, bluegreen: app.strategy.kind === "bluegreen" });
}

/** Refuses machines that the cluster could not serve, before anything is touched. */
export function refuseTooManyConnections(settings: Settings): void {
  const budget = connectionBudget(settings);
  if (budget === null || connectionsFit(budget.needed, budget.limit) !== "not") return;
  const { needed, limit } = budget;
  throw new SettingsError([
    {
      key: "dnd-tracker:app.machines",
      value: `may open ${needed} connections, ${poolOfMachine} of each machine, during a release`,
      allowed: `${limit}, as many as the database's tier takes; or a larger database.tier`,
    },
  ]);
}
