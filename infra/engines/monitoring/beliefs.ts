import type { Collection, Db } from "mongodb";
import { z } from "zod";
import type { Beliefs } from "./probes";

const document = z.object({
  _id: z.string(),
  version: z.literal(1),
  beliefs: z.array(z.object({ key: z.string(), bad: z.boolean(), against: z.number(), since: z.date() })),
});

type BeliefsDocument = z.infer<typeof document>;

function collection(ops: Db): Collection<BeliefsDocument> {
  return ops.collection<BeliefsDocument>("monitor_beliefs");
}

/** What the monitor believed when it last wrote it down: a restart begins no count anew. */
export async function readBeliefs(ops: Db): Promise<Beliefs> {
  const found = document.safeParse(await collection(ops).findOne({ _id: "monitor" })).data;
  return Object.fromEntries((found?.beliefs ?? []).map(({ key, ...belief }) => [key, belief]));
}

/** Writes down what the monitor believes. */
export async function keepBeliefs(ops: Db, beliefs: Beliefs): Promise<void> {
  const list = Object.entries(beliefs).map(([key, belief]) => ({ key, ...belief }));
  await collection(ops).updateOne(
    { _id: "monitor" },
    { $set: { version: 1, beliefs: list } },
    { upsert: true },
  );
}
