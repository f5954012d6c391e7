import type { Db } from "mongodb";
import { hourOf, rollUpsIn, type RollUp } from "../metrics";

const hourMs = 3_600_000;
const daysBack = 7;
/** Two days say nothing of what is usual. */
const fewestDays = 3;
/** Of so few every newcomer would be a rush. */
const fewestSessions = 20;

/** How many sessions are usual at this hour of the day, by the week before; undefined as long as nobody can tell. */
export function usualSessions(ops: Db, environment: string): (at: Date) => Promise<number | undefined> {
  let known: { hour: number; usual: number | undefined } | undefined;
  return async (at) => {
    const hour = hourOf(at).getTime();
    if (known?.hour !== hour) known = { hour, usual: await read(ops, environment, hour) };
    return known.usual;
  };
}

async function read(ops: Db, environment: string, hour: number): Promise<number | undefined> {
  const before = Array.from({ length: daysBack }, (_, day) => new Date(hour - (day + 1) * 24 * hourMs));
  const hours = await rollUpsIn(ops)
    .find({ name: "activeSessions", hour: { $in: before } }, { projection: { histogram: 0 } })
    .toArray();
  const own = hours.filter((one) => one.environment === environment);
  return usualOf(before.map((day) => own.filter(({ hour: at }) => at.getTime() === day.getTime())));
}

/** The mean of the days that were measured, each with what its machines had together. */
export function usualOf(days: readonly (readonly Pick<RollUp, "count" | "sum">[])[]): number | undefined {
  const measured = days.filter((machines) => machines.length > 0).map(togetherIn);
  if (measured.length < fewestDays) return undefined;
  const mean = measured.reduce((sum, sessions) => sum + sessions, 0) / measured.length;
  return mean < fewestSessions ? undefined : mean;
}

/** A machine that was there for half of the hour had half as much to say. */
function togetherIn(machines: readonly Pick<RollUp, "count" | "sum">[]): number {
  const looks = Math.max(...machines.map(({ count }) => count));
  return machines.reduce((all, { sum }) => all + sum, 0) / looks;
}
