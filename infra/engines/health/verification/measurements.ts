import type { Db } from "mongodb";
import { z } from "zod";
import type { LogFindings } from "../logs/scan";
import type { Traffic } from "./thresholds";

const measurement = z.object({
  documentVersion: z.literal(1),
  at: z.date(),
  release: z.number().nullable(),
  version: z.string(),
  digest: z.string(),
  verdict: z.enum(["good", "doubtful", "bad"]),
  /** Null where nobody watched. */
  traffic: z
    .object({
      requests: z.number(),
      failures: z.number(),
      p50Ms: z.number(),
      p95Ms: z.number(),
      durationMs: z.number(),
    })
    .nullable(),
  /** Null where they could not be read; an earlier edition did not look. */
  logs: z
    .object({ lines: z.number(), errors: z.number(), traces: z.number(), kinds: z.array(z.string()) })
    .nullish(),
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

/** What the newest measurements of another image than this were; null where none is known. */
export interface Before {
  traffic: Traffic | null;
  logs: LogFindings | null;
}

/** The newest of another image, of the watched ones one that was good. */
export async function measuredBefore(ops: Db, digest: string | undefined): Promise<Before> {
  const before: Before = { traffic: null, logs: null };
  // Without an index of their own they are read by age, as servers that allow no table scan ask for.
  const newest = measurements(ops).find({}).sort({ _id: -1 }).limit(lookedThrough);
  for await (const one of newest) {
    const { success, data } = measurement.safeParse(one);
    if (!success || data.digest === digest || data.verdict === "bad") continue;
    if (data.verdict === "good") before.traffic ??= data.traffic;
    before.logs ??= data.logs ?? null;
    if (before.traffic && before.logs) break;
  }
  return before;
}
