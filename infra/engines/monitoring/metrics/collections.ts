import type { Collection, Db } from "mongodb";
import type { StoredMetric } from "./metric";
import type { RollUp } from "./roll-up";

const exists = 48;
const keptSeconds = 30 * 86_400;
const rollUpsKeptSeconds = 400 * 86_400;

/** A database may be dropped and made anew under a process that lives on: what is there is asked for again. */
const believedMs = 5 * 60_000;

/** Databases whose collections are known to be there, and since when, so that a write does not ask each time. */
const ensured = new WeakMap<object, Map<string, { at: number; made: Promise<void> }>>();

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
export function ensureMetrics(ops: Db, now = performance.now()): Promise<void> {
  const known = ensured.get(ops.client) ?? new Map<string, { at: number; made: Promise<void> }>();
  ensured.set(ops.client, known);
  const last = known.get(ops.databaseName);
  if (last && now - last.at < believedMs) return last.made;
  const made = make(ops);
  known.set(ops.databaseName, { at: now, made });
  made.catch(() => known.delete(ops.databaseName));
  return made;
}

async function make(ops: Db): Promise<void> {
  const there = await ops.listCollections({}, { nameOnly: true }).toArray();
  const metrics = there.find(({ name }) => name === "metrics");
  if (!metrics) await makeTimeSeries(ops);
  // A write made it while nobody looked: it is no time series, and an index has its figures expire.
  if (metrics?.type === "collection")
    await metricsOf(ops).createIndex({ at: 1 }, { expireAfterSeconds: keptSeconds });
  await metricsOf(ops).createIndex({ "meta.name": 1, "meta.environment": 1, at: 1 });
  await rollUpsIn(ops).createIndexes([
    { key: { name: 1, hour: 1 } },
    { key: { hour: 1 }, expireAfterSeconds: rollUpsKeptSeconds },
    // All that `stats` asks of deployments, so that no roll-up with its histogram is read for it.
    {
      key: { name: 1, environment: 1, hour: 1, "labels.phase": 1, "labels.status": 1, count: 1, sum: 1 },
      name: "deployments",
      partialFilterExpression: { name: "deployment" },
    },
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
