import type { Db } from "mongodb";
import { isFromApp, type Figure } from "./figure";
import { recordMetrics } from "./metrics";

/** Keeps the figures of a round as metrics; what the app itself has recorded is there already. */
export async function recordFigures(ops: Db, environment: string, figures: readonly Figure[]): Promise<void> {
  const own = figures.filter((figure) => !isFromApp(figure) && Number.isFinite(figure.value));
  await recordMetrics(
    ops,
    own.map(({ name, value, at, subject }) => ({ name, value, at, environment, labels: { subject } })),
  );
}
