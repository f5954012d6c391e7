import { z } from "zod";

const word = z
  .string()
  .regex(/^[A-Za-z][\w.-]{0,63}$/, "letters, digits, ., _ and -, at most 64, a letter first");
const label = z
  .string()
  .max(200)
  .regex(/^\P{Cc}*$/u, "no control characters");

/** One figure at one moment. */
export const metricSchema = z.strictObject({
  name: word,
  value: z.number(),
  /** Now, where it is not said. */
  at: z.date().optional(),
  environment: word,
  release: z.int().positive().optional(),
  /** What tells series of one name apart: the machine, the phase, the outcome. Few values each, for every set is a roll-up of its own. */
  labels: z
    .record(word, label)
    .refine((all) => Object.keys(all).length <= 8, "at most 8 labels")
    .optional(),
  /** Which deployment it speaks of; it is kept with the figure and takes no part in the roll-ups. */
  deploymentId: z.string().min(1).max(200).optional(),
});

export type Metric = z.infer<typeof metricSchema>;

/** A figure as `metrics` keeps it. */
export interface StoredMetric {
  version: 1;
  at: Date;
  meta: { name: string; environment: string; release?: number; labels?: Record<string, string> };
  value: number;
  deploymentId?: string;
}

/** The figure as it is stored. */
export function storedMetric({
  name,
  value,
  at,
  environment,
  release,
  labels,
  deploymentId,
}: Metric): StoredMetric {
  return {
    version: 1,
    at: at ?? new Date(),
    meta: {
      name,
      environment,
      ...(release === undefined ? {} : { release }),
      ...(labels === undefined ? {} : { labels }),
    },
    value,
    ...(deploymentId === undefined ? {} : { deploymentId }),
  };
}

/** Labels as one text, the same whatever the order in which they were given; no value can pass for another label. */
export function labelText(labels: Record<string, string> = {}): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value.replace(/[%|=,]/g, encodeURIComponent)}`)
    .join(",");
}
