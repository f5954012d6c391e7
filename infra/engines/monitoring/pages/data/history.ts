import type { Db } from "mongodb";
import { z } from "zod";

const stored = z.object({
  _id: z.number(),
  state: z.enum(["running", "done", "failed"]),
  kind: z.enum(["forward", "rollback", "data"]).default("forward"),
  startedAt: z.date(),
  finishedAt: z.date().nullish(),
});

/** A release with nothing but how it went: enough for figures and charts. */
export interface PastRelease {
  number: number;
  state: "running" | "done" | "failed";
  kind: "forward" | "rollback" | "data";
  startedAt: Date;
  /** Null while it runs. */
  seconds: number | null;
}

/** More than a team makes in a quarter; what is older tells nothing of how things go now. */
const readAtMost = 1000;
/** A whole journal is never brought over for the releases at its end. */
const atOnce = 200;

/** The releases that began since then, oldest first, and earlier ones where these are fewer than `atLeast`. */
export async function readHistory(
  ops: Db,
  { since, atLeast }: { since: Date; atLeast: number },
): Promise<PastRelease[]> {
  const newestFirst = ops
    .collection<{ _id: number }>("releases")
    .find({}, { projection: { state: 1, kind: 1, startedAt: 1, finishedAt: 1 }, batchSize: atOnce })
    .sort({ _id: -1 })
    .limit(readAtMost);
  const history: PastRelease[] = [];
  for await (const document of newestFirst) {
    const parsed = stored.safeParse(document);
    if (!parsed.success) continue;
    if (history.length >= atLeast && parsed.data.startedAt < since) break;
    history.push(pastRelease(parsed.data));
  }
  return history.reverse();
}

function pastRelease({ _id, finishedAt, ...rest }: z.infer<typeof stored>): PastRelease {
  const seconds = finishedAt ? (finishedAt.getTime() - rest.startedAt.getTime()) / 1000 : null;
  return { number: _id, ...rest, seconds };
}
