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

/** The newest releases, oldest first. */
export async function readHistory(ops: Db): Promise<PastRelease[]> {
  const found = await ops
    .collection<{ _id: number }>("releases")
    .find({}, { projection: { state: 1, kind: 1, startedAt: 1, finishedAt: 1 } })
    .sort({ _id: -1 })
    .limit(readAtMost)
    .toArray();
  return found
    .flatMap((document) => {
      const parsed = stored.safeParse(document);
      return parsed.success ? [pastRelease(parsed.data)] : [];
    })
    .reverse();
}

function pastRelease({ _id, finishedAt, ...rest }: z.infer<typeof stored>): PastRelease {
  const seconds = finishedAt ? (finishedAt.getTime() - rest.startedAt.getTime()) / 1000 : null;
  return { number: _id, ...rest, seconds };
}
