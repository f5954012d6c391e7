import { readFileSync } from "node:fs";
import type { FlyToml } from "../engines/fly";
import type { FlyMachinesInputs } from "./fly-machines";

/** What the machines are to be, by a fly.toml and what none can say. */
export interface MachinesWanted {
  /** A fly.toml as a value, or the path of one. */
  toml: FlyToml | string;
  /** How many machines of each group, spread over the regions; the first ones get what is left over. */
  machines: number;
  /** Groups that have another number. */
  counts: Record<string, number>;
  regions: readonly string[];
  /** Where machines go when theirs has no room. */
  fallbackRegions?: readonly string[];
}

export type MachinesWish = Pick<
  FlyMachinesInputs,
  "groups" | "strategy" | "releaseCommand" | "fallbackRegions" | "definition"
> & {
  gate: NonNullable<FlyMachinesInputs["gate"]>;
};

/** Groups, strategy and gate of an app's machines. */
export function machinesWish({
  toml,
  machines,
  counts,
  regions,
  fallbackRegions = [],
}: MachinesWanted): MachinesWish {
  const { parseFlyToml, wishOfToml } = require("../engines/fly") as typeof import("../engines/fly");
  const spreadOf = (group: string) => spread(counts[group] ?? machines, regions);
  const definition = typeof toml === "string" ? parseFlyToml(readFileSync(toml, "utf8")) : toml;
  const read = (given: Record<string, Record<string, number>>) => wishOfToml(definition, given);
  const { groups, strategy, gate, releaseCommand } = read(
    Object.fromEntries(read({}).groups.map(({ name }) => [name, spreadOf(name)])),
  );
  const command = releaseCommand && { ...releaseCommand, command: [...releaseCommand.command] };
  return {
    ...{ groups: [...groups], strategy, gate, definition },
    ...(command ? { releaseCommand: command } : {}),
    ...(fallbackRegions.length > 0 ? { fallbackRegions: [...fallbackRegions] } : {}),
  };
}

/** Watches the app also when no machine of it is wanted, and writes nothing of players. */
const watching = "monitor";

/** The same groups in another number: those without a number of their own, or with none at all every one. */
export function scaled(groups: FlyMachinesInputs["groups"], count: number | null, own: readonly string[]) {
  if (count === null) return groups;
  return groups.map((group) =>
    group.name === watching || (count > 0 && own.includes(group.name))
      ? group
      : { ...group, counts: spread(count, Object.keys(group.counts)) },
  );
}

function spread(machines: number, regions: readonly string[]): Record<string, number> {
  const each = Math.floor(machines / regions.length);
  const over = machines % regions.length;
  return Object.fromEntries(regions.map((region, at) => [region, each + (at < over ? 1 : 0)]));
}
