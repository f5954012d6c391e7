import { connectionsFit, connectionsNeeded, poolOfMachine } from "../infra/support";
import type { AppSettings } from "./app-settings";
import { machinesWanted, refinedBy } from "./fly";
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
  if (database.kind === "embedded") return connectionsNeeded({ machines: app.machines, besides: 1 });
  const { counts, strategy } = app.flyToml === undefined ? fleetOf(app) : fleetOfToml(app);
  const machines = counts.reduce((sum, one) => sum + one, 0);
  return connectionsNeeded({ machines, besides: besidesOf(strategy, machines, counts.length) });
}

interface Fleet {
  /** Machines of each group. */
  counts: number[];
  strategy: { kind: string; canaries?: number | undefined };
}

function fleetOf({ processes, machines, strategy }: AppSettings): Fleet {
  const counts = Object.values(processes).map((one) => one.machines ?? machines);
  return { counts: counts.length > 0 ? counts : [machines], strategy };
}

/** What a fly.toml says of programs and strategy counts, in place of the settings. */
function fleetOfToml(app: AppSettings): Fleet {
  const { machinesWish } =
    require("../components/fly-deployed-app") as typeof import("../components/fly-deployed-app");
  const { groups, strategy } = refinedBy(app, machinesWish(machinesWanted(app)));
  const countOf = (counts: Record<string, number>) =>
    Object.values(counts).reduce((sum, one) => sum + one, 0);
  return { counts: groups.map(({ counts }) => countOf(counts)), strategy };
}

/** How many machines a release has more than usual: bluegreen a second fleet, canaries of each group, others one. */
function besidesOf({ kind, canaries = 1 }: Fleet["strategy"], machines: number, groups: number): number {
  if (kind === "bluegreen") return machines;
  return kind === "canary" ? canaries * groups : 1;
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
