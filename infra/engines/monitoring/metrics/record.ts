import type { Db } from "mongodb";
import { OperatorError } from "../../../support";
import { ensureMetrics, metricsOf, rollUpsIn } from "./collections";
import { metricSchema, storedMetric, type Metric, type StoredMetric } from "./metric";
import { additionOf, rollUpOf, rollUpsOf, type CountedFigures, type RollUp } from "./roll-up";

const duplicateKey = 11000;
const attempts = 5;

/** Keeps one figure and adds it to the roll-up of its hour. */
export async function recordMetric(ops: Db, metric: Metric): Promise<void> {
  await recordMetrics(ops, [metric]);
}

/** Keeps figures and adds them, and those that were only counted, to the roll-ups of their hours: two writes, however many they are. */
export async function recordMetrics(
  ops: Db,
  metrics: readonly Metric[],
  counted: readonly CountedFigures[] = [],
): Promise<void> {
  if (metrics.length === 0 && counted.length === 0) return;
  const stored = metrics.map(parsed);
  await ensureMetrics(ops);
  if (stored.length > 0) await metricsOf(ops).insertMany(stored, { ordered: false });
  await addRollUps(ops, [...rollUpsOf(stored), ...counted.map(rollUpOf)]);
}

function parsed(metric: Metric): StoredMetric {
  const { success, data, error } = metricSchema.safeParse(metric);
  if (success) return storedMetric(data);
  const reasons = error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
  throw new OperatorError({
    code: "metric-wrong",
    kind: "usage",
    message: `the figure cannot be kept: ${reasons.join("; ")}`,
    remedy: "Send a figure with a name, an environment and a finite number.",
  });
}

async function addRollUps(ops: Db, rollUps: RollUp[]): Promise<void> {
  let rest = rollUps.map(additionOf);
  for (let attempt = 1; rest.length > 0; attempt++) {
    try {
      await rollUpsIn(ops).bulkWrite(rest, { ordered: false });
      return;
    } catch (error) {
      // Two who write an hour's first figure at once: the one that lost has added nothing and adds now.
      const lost = lostRaces(error);
      if (!lost || attempt === attempts) throw error;
      rest = lost.flatMap((index) => rest[index] ?? []);
    }
  }
}

/** Which writes lost to another's insert; undefined where anything else went wrong. */
function lostRaces(error: unknown): number[] | undefined {
  const { writeErrors } = error as {
    writeErrors?: { code: number; index: number }[] | { code: number; index: number };
  };
  const all = writeErrors === undefined ? [] : [writeErrors].flat();
  return all.length > 0 && all.every(({ code }) => code === duplicateKey)
    ? all.map(({ index }) => index)
    : undefined;
}
