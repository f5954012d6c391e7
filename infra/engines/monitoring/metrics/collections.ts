import type { Collection, Db } from "mongodb";
import type { StoredMetric } from "./metric";
import type { RollUp } from "./roll-up";

const exists = 48;
const keptSeconds = 30 * 86_400;
const rollUpsKeptSeconds = 400 * 86_400;

/** Databases whose collections are known to be there, so that a write does not ask each time. */
const ensured = new WeakMap<object, Map<string, Promise<void>>>();

export function metricsOf(ops: Db): Collection<StoredMetric> {
  return ops.collection<StoredMetric>("metrics");
}

export function rollUpsIn(ops: Db): Collection<RollUp> {
  return ops.collection<RollUp>("metric_hours");
}

/**
 * Makes the collections of figures with their indexes and expiry where they are not there yet. A write must not come
 * before: it would make an ordinary collection, which never expires.
 */
export function ensureMetrics(ops: Db): Promise<void> {
  const known = ensured.get(ops.client) ?? new Map<string, Promise<void>>();
  ensured.set(ops.client, known);
  const made = known.get(ops.databaseName) ?? make(ops);
  known.set(ops.databaseName, made);
  made.catch(() => known.delete(ops.databaseName));
  return made;
}

async function make(ops: Db): Promise<void> {
  const there = new Set(
    (await ops.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  );
  if (!there.has("metrics")) await makeTimeSeries(ops);
  // Where the other is there already somebody has made the indexes too, or is about to.
  if (there.has("metrics") && there.has("metric_hours")) return;
  await metricsOf(ops).createIndex({ "meta.name": 1, "meta.environment": 1, at: 1 });
  await rollUpsIn(ops).createIndexes([
    { key: { name: 1, hour: 1 } },
    { key: { hour: 1 }, expireAfterSeconds: rollUpsKeptSeconds },
  ]);
}

async function makeTimeSeries(ops: Db): Promise<void> {
  try {
    await ops.createCollection("metrics", {
      timeseries: { timeField: "at", metaField: "meta", granularity: "seconds" },
      expireAfterSeconds: keptSeconds,
    });
  } catch (error) {
    if ((error as { code?: unknown }).code !== exists) throw error;
  }
}
