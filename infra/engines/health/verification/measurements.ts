import type { Db } from "mongodb";
import { z } from "zod";
import type { Traffic } from "./thresholds";

const measurement = z.object({
  documentVersion: z.literal(1),
  at: z.date(),
  release: z.number().nullable(),
  version: z.string(),
  digest: z.string(),
  verdict: z.enum(["good", "doubtful", "bad"]),
  traffic: z.object({
    requests: z.number(),
    failures: z.number(),
    p50Ms: z.number(),
    p95Ms: z.number(),
    durationMs: z.number(),
  }),
});

/** What a verification measured of a version, kept so that the next one is held against it. */
export type Measurement = z.infer<typeof measurement>;

const lookedThrough = 200;

const measurements = (ops: Db) => ops.collection<Measurement>("verifications");

/** Remembers what was measured; the operations' database may be away without the verdict changing by it. */
export async function rememberMeasurement(
  ops: Db,
  seen: Omit<Measurement, "documentVersion">,
): Promise<void> {
  await measurements(ops).insertOne({ documentVersion: 1, ...seen });
}

/** The newest good measurement of another image than this; null where none is known. */
export async function measuredBefore(ops: Db, digest: string | undefined): Promise<Traffic | null> {
  // Without an index of their own they are read by age, as servers that allow no table scan ask for.
  const newest = measurements(ops).find({}).sort({ _id: -1 }).limit(lookedThrough);
  for await (const one of newest) {
    const { success, data } = measurement.safeParse(one);
    if (success && data.verdict === "good" && data.digest !== digest) return data.traffic;
  }
  return null;
}
