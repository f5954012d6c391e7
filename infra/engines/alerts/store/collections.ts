import type { Collection, Db } from "mongodb";
import type { Alert } from "../alert";
import type { Message } from "../outbox/message";
import type { Silence } from "../state/quiet";
import type { Delivery } from "./contract";

const day = 86_400;
/** An alert that waits for a database that does not answer is no alert. */
const answerWithinMs = 5_000;

/** The collections of the operations' database that alerts live in. */
export interface AlertCollections {
  alerts: Collection<Alert>;
  outbox: Collection<Message>;
  deliveries: Collection<Delivery>;
  silences: Collection<Silence>;
  ops: Db;
}

/** The same database, whose every answer has a deadline. */
export function alertCollections(given: Db): AlertCollections {
  const ops = given.client.db(given.databaseName, { timeoutMS: answerWithinMs });
  return {
    ops,
    alerts: ops.collection<Alert>("alerts"),
    outbox: ops.collection<Message>("outbox"),
    deliveries: ops.collection<Delivery>("deliveries"),
    silences: ops.collection<Silence>("silences"),
  };
}

/** A database may be dropped and made anew under a monitor that lives on: its indexes are asked for again. */
const believedMs = 5 * 60_000;
const ensured = new WeakMap<object, Map<string, number>>();

/** Makes the indexes that alerts are read by where they may be missing: a server may allow no table scan. */
export async function ensureIndexes(ops: Db, now = performance.now()): Promise<AlertCollections> {
  const collections = alertCollections(ops);
  const known = ensured.get(ops.client) ?? new Map<string, number>();
  ensured.set(ops.client, known);
  if (now - (known.get(ops.databaseName) ?? -Infinity) < believedMs) return collections;
  const { alerts, outbox, deliveries, silences } = collections;
  await alerts.createIndexes([
    { key: { done: 1 } },
    { key: { since: -1 } },
    { key: { key: 1 }, name: "one_open", unique: true, partialFilterExpression: { resolved: false } },
    { key: { resolvedAt: 1 }, expireAfterSeconds: 400 * day },
  ]);
  await outbox.createIndexes([
    { key: { state: 1 } },
    { key: { settledAt: 1 }, expireAfterSeconds: 30 * day },
  ]);
  await deliveries.createIndexes([{ key: { at: 1 }, expireAfterSeconds: 90 * day }]);
  await silences.createIndexes([{ key: { until: 1 }, expireAfterSeconds: 30 * day }]);
  known.set(ops.databaseName, now);
  return collections;
}
