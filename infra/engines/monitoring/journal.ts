import type { Db } from "mongodb";
import { z } from "zod";

const step = z.object({
  name: z.string(),
  outcome: z.enum(["done", "failed"]),
  at: z.date(),
  durationMs: z.number(),
});

const entrySchema = z.object({
  _id: z.number(),
  documentVersion: z.literal(1),
  state: z.enum(["running", "done", "failed"]),
  environment: z.string(),
  image: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
  startedAt: z.date(),
  finishedAt: z.date().nullable(),
  commit: z.string().nullable().default(null),
  steps: z.array(step).default([]),
  kind: z.enum(["forward", "rollback", "data"]).default("forward"),
  rollbackOf: z.number().optional(),
  reason: z.string().optional(),
  error: z.string().nullable().default(null),
});

/** A release as monitoring reads it in the journal; whoever makes releases writes it. */
export type JournalEntry = z.infer<typeof entrySchema>;

/** A whole journal is never brought over for the few releases at its end. */
const atOnce = 200;
const all = Object.fromEntries(Object.keys(entrySchema.shape).map((field) => [field, 1]));
const { steps: _steps, ...withoutSteps } = all;

/** The releases of an environment that began since then, oldest first; those of a newer form are left out. Steps only where they are asked for: they are most of it. */
export async function releasesSince(
  ops: Db,
  { environment, since, steps = false }: { environment?: string | undefined; since: Date; steps?: boolean },
): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  // By number, newest first: the server may refuse to scan, and what began earlier has lower numbers.
  const found = ops
    .collection<{ _id: number }>("releases")
    .find({}, { projection: steps ? all : withoutSteps, batchSize: atOnce })
    .sort({ _id: -1 });
  for await (const document of found) {
    const entry = entrySchema.safeParse(document).data;
    if (!entry) continue;
    if (entry.startedAt < since) break;
    if (environment === undefined || entry.environment === environment) entries.push(entry);
  }
  return entries.reverse();
}
