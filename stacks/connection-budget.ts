import { SettingsError, type Settings } from "./settings";

/** Of the app's own connections to each member of the cluster, at most. */
export const poolOfMachine = 20;
/** The run that deploys, the monitor and whoever looks by hand. */
const others = 30;

/** What Atlas lets connect to one member of a cluster. */
const limits = { M0: 500, FLEX: 500, M10: 1500, M20: 3000, M30: 3000, M40: 6000, M50: 16_000 } as const;

/** What a stack's machines and its runs may have open at once, and what its cluster takes. */
export function connectionBudget({ app, database }: Settings): { needed: number; limit: number } | null {
  if (database.kind !== "atlas") return null;
  const counts = Object.values(app.processes).map((one) => one.machines ?? app.machines);
  const machines = counts.length > 0 ? counts.reduce((sum, one) => sum + one, 0) : app.machines;
  const atOnce = app.strategy.kind === "bluegreen" ? 2 * machines : machines + 1;
  return { needed: atOnce * poolOfMachine + others, limit: limits[database.tier] };
}

/** Refuses machines that the cluster could not serve, before anything is touched. */
export function refuseTooManyConnections(settings: Settings): void {
  const budget = connectionBudget(settings);
  if (budget === null || budget.needed <= budget.limit) return;
  const { needed, limit } = budget;
  throw new SettingsError([
    {
      key: "dnd-tracker:app.machines",
      value: `may open ${needed} connections, ${poolOfMachine} of each machine, during a release`,
      allowed: `${limit}, as many as the database's tier takes; or a larger database.tier`,
    },
  ]);
}
