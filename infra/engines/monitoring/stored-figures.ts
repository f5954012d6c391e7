import type { Db } from "mongodb";
import { figureUnits, type Figure, type FigureName } from "./figure";
import { latestMetrics } from "./metrics";

const recentMs = 3 * 60_000;
const names = Object.keys(figureUnits) as FigureName[];

/** What the leading monitor last found, as it was kept: for one that waits its turn, and is asked meanwhile. */
export async function storedFigures(ops: Db, environment: string, now = new Date()): Promise<Figure[]> {
  const since = new Date(now.getTime() - recentMs);
  const stored = await latestMetrics(ops, { names, environment, since });
  return stored.flatMap(({ at, value, meta }) => {
    const name = names.find((one) => one === meta.name);
    const subject = meta.labels?.subject;
    return name !== undefined && subject !== undefined ? [{ name, subject, value, at }] : [];
  });
}
