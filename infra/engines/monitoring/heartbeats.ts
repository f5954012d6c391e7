import { hostname } from "node:os";
import type { Collection, Db } from "mongodb";
import { z } from "zod";

const heartbeatSchema = z.object({
  _id: z.string(),
  version: z.literal(1),
  at: z.date(),
  by: z.string(),
  note: z.string().optional(),
});

/** When a thing that should happen again and again was last done, and by which computer. */
export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** Things that are looked after: a name here is one whose age is watched. */
export const watchedHeartbeats = ["monitor", "retention", "restore-test", "drill"] as const;

function collection(ops: Db): Collection<Heartbeat> {
  return ops.collection<Heartbeat>("heartbeats");
}

/** Writes down that a thing was done just now, by the server's clock. */
export async function beat(ops: Db, name: string, note?: string): Promise<void> {
  const document = { _id: name, version: 1, at: "$$NOW", by: { $literal: hostname() } };
  await collection(ops).updateOne(
    { _id: name },
    [{ $replaceWith: note === undefined ? document : { ...document, note: { $literal: note } } }],
    { upsert: true },
  );
}

/** Writes down that a thing was done for the first time; later ones change nothing. */
export async function beatOnce(ops: Db, name: string): Promise<void> {
  await collection(ops).updateOne(
    { _id: name },
    [
      {
        $set: {
          version: { $ifNull: ["$version", 1] },
          at: { $ifNull: ["$at", "$$NOW"] },
          by: { $ifNull: ["$by", { $literal: hostname() }] },
        },
      },
    ],
    { upsert: true },
  );
}

/** All heartbeats; those that a newer edition wrote in another form are left out. */
export async function heartbeats(ops: Db): Promise<Heartbeat[]> {
  const found = await collection(ops).find({}).toArray();
  return found.flatMap((one) => heartbeatSchema.safeParse(one).data ?? []);
}
