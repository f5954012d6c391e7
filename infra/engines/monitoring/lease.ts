import type { Collection, Db } from "mongodb";

/** Who may act until when, by the server's clock: those of two computers need not agree. */
export interface LeaseDocument {
  _id: string;
  version: 1;
  holder: string | null;
  until: Date;
  /** Rises with every change of the holder. */
  term: number;
}

export interface LeaseWish {
  name: string;
  holder: string;
  leaseMs: number;
}

const duplicateKey = 11000;

function leases(ops: Db): Collection<LeaseDocument> {
  return ops.collection<LeaseDocument>("leases");
}

/** Takes the lease where it is free or over, renews one's own, and says how it stands then: one atomic write. */
export async function holdLease(ops: Db, { name, holder, leaseMs }: LeaseWish): Promise<LeaseDocument> {
  const mine = { $eq: ["$holder", { $literal: holder }] };
  const free = { $or: [{ $eq: [{ $ifNull: ["$holder", null] }, null] }, { $lte: ["$until", "$$NOW"] }] };
  const grow = { $add: [{ $ifNull: ["$term", 0] }, 1] };
  const taken = [
    {
      $set: {
        version: 1,
        term: { $cond: [mine, "$term", { $cond: [free, grow, "$term"] }] },
        until: { $cond: [{ $or: [mine, free] }, { $add: ["$$NOW", leaseMs] }, "$until"] },
        holder: { $cond: [{ $or: [mine, free] }, { $literal: holder }, "$holder"] },
      },
    },
  ];
  const ask = () =>
    leases(ops).findOneAndUpdate({ _id: name }, taken, { upsert: true, returnDocument: "after" });
  const document = await ask().catch((error: unknown) => {
    // Two made it at the same moment: the other one's stands, and is asked.
    if ((error as { code?: unknown }).code === duplicateKey) return ask();
    throw error;
  });
  if (!document) throw new Error("the server gave no lease back");
  return document;
}

/** Gives one's own lease back, so that the next one need not wait for its end. */
export async function giveLeaseBack(
  ops: Db,
  { name, holder }: Pick<LeaseWish, "name" | "holder">,
): Promise<void> {
  await leases(ops).updateOne({ _id: name, holder }, { $set: { holder: null } });
}
