import type { AnyBulkWriteOperation, Collection } from "mongodb";
import type { Alert } from "../alert";
import { inOrder } from "../outbox/message";
import type { AlertCollections } from "./collections";
import type { AlertStore } from "./contract";
import { quietOf } from "./quiet-times";

const duplicateKey = 11000;

/** Alerts and messages in the operations' database. */
export function databaseStore(collections: AlertCollections): AlertStore {
  const { alerts, outbox, deliveries } = collections;
  return {
    place: "database",
    undone: () => alerts.find({ done: false }).toArray(),
    quiet: (now) => quietOf(collections, now),
    begin: (begun) => inserted(alerts, begun),
    async raise(raised) {
      if (raised.length > 0) await alerts.bulkWrite(raised.flatMap(raisingOf), { ordered: true });
    },
    async keep(changed) {
      if (changed.length > 0) await alerts.bulkWrite(changed.map(updateOf), { ordered: false });
    },
    async drop(dropped) {
      if (dropped.length === 0) return;
      await alerts.deleteMany({ _id: { $in: dropped.map(({ _id }) => _id) }, told: null });
    },
    async queue(messages) {
      await inserted(outbox, messages);
    },
    unsettled: async () => inOrder(await outbox.find({ state: { $in: ["waiting", "sending"] } }).toArray()),
    claim: ({ _id, state, heldSince }, holder, now) =>
      outbox.findOneAndUpdate(
        { _id, state, heldSince },
        {
          $set: {
            state: "sending",
            holder,
            heldSince: now,
            // Whoever held it before stopped on the way: it may have got through.
            ...(state === "sending" && { possiblyRepeated: true }),
          },
          $inc: { attempts: 1 },
        },
        { returnDocument: "after" },
      ),
    async settle({ _id, holder, heldSince }, after) {
      const isFinal = after.state === "delivered";
      await outbox.updateOne(isFinal ? { _id } : { _id, holder, heldSince }, { $set: after });
    },
    async note(delivery) {
      await deliveries.replaceOne({ _id: delivery._id }, delivery, { upsert: true });
    },
    async threadReceipt({ letter, channel }) {
      const prefix = `${letter.thread}#`;
      const told = await outbox
        .find({ _id: { $gte: prefix, $lt: `${prefix}\uffff` } })
        .sort({ _id: 1 })
        .toArray();
      return inOrder(told).find((one) => one.channel === channel && one.receipt)?.receipt;
    },
  };
}

/** What could be inserted; what a unique key forbids is left out. */
async function inserted<T extends { _id: string }>(
  collection: Collection<T>,
  documents: readonly T[],
): Promise<T[]> {
  if (documents.length === 0) return [];
  try {
    await (collection as unknown as Collection).insertMany(documents as never[], { ordered: false });
    return [...documents];
  } catch (error) {
    const failed = writeErrorsOf(error);
    if (!failed || failed.some(({ code }) => code !== duplicateKey)) throw error;
    const refused = new Set(failed.map(({ index }) => index));
    return documents.filter((_, index) => !refused.has(index));
  }
}

function writeErrorsOf(error: unknown): { code: number; index: number }[] | undefined {
  const found = (error as { writeErrors?: unknown }).writeErrors;
  if (found === undefined) return undefined;
  return (Array.isArray(found) ? found : [found]) as { code: number; index: number }[];
}

function raisingOf(alert: Alert): AnyBulkWriteOperation<Alert>[] {
  const { key, raised: _raised, seenAt, ...first } = alert;
  const open = { key, resolved: false };
  const { level, text, title } = first;
  const { resolved: _resolved, ...inserted } = first;
  const raising: AnyBulkWriteOperation<Alert> = {
    updateOne: {
      filter: open,
      update: { $inc: { raised: 1 }, $set: { seenAt }, $setOnInsert: inserted },
      upsert: true,
    },
  };
  if (level !== "critical") return [raising];
  const worsening = {
    filter: { ...open, level: "warning" as const },
    update: { $set: { level, text, title } },
  };
  return [raising, { updateOne: worsening }];
}

/** A round never opens again what a person closed meanwhile, nor takes away a silence. */
function updateOf(alert: Alert): AnyBulkWriteOperation<Alert> {
  const {
    _id,
    version,
    key,
    since,
    resolved,
    resolvedAt,
    resolvedBy,
    silencedUntil,
    raised,
    parent,
    ...rest
  } = alert;
  void [version, key, since, silencedUntil, raised];
  const closing = resolved ? { resolved, resolvedAt, ...(resolvedBy !== undefined && { resolvedBy }) } : {};
  const update = {
    $set: { ...rest, ...closing, ...(parent !== undefined && { parent }) },
    ...(parent === undefined && { $unset: { parent: "" as const } }),
  };
  return { updateOne: { filter: { _id }, update } };
}
