import { z } from "zod";
import { duration } from "./setting-kinds";

const percent = z.number().min(0).max(100);

/** From where on a released app is doubtful, and from where on it is bad. */
export const verificationSettings = z.strictObject({
  /** How long a release watches its app before it counts as good; `dnd verify` never watches less than 5 seconds. */
  bake: duration("0s"),
  /** Of 100 requests so many without a good answer. */
  errorPercent: z.strictObject({ warn: percent.default(1), fail: percent.default(5) }).prefault({}),
  /** 95 of 100 answers are faster. */
  p95: z.strictObject({ warn: duration("1s"), fail: duration("2s") }).prefault({}),
  /** So many times as slow as the version before is doubtful. */
  slowdown: z.number().min(1).default(2),
  /** Documents of each collection that are held against its validator. */
  sample: z.int().min(1).max(100_000, "1 to 100000 documents").default(1000),
});

/** The thresholds as a verification takes them. */
export function thresholdsOf({ errorPercent, p95, slowdown }: z.infer<typeof verificationSettings>) {
  return { errorPercent, p95Ms: p95, slowdown };
}
