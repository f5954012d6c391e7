import type { Db } from "mongodb";
import { z } from "zod";

const step = z.object({ name: z.string(), outcome: z.string(), at: z.date(), durationMs: z.number() });

/** A release as the journal keeps it, as much of it as the page shows. */
const stored = z.object({
  _id: z.number(),
  state: z.enum(["running", "done", "failed"]),
  kind: z.enum(["forward", "rollback", "data"]).default("forward"),
  image: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
  schema: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
  archive: z.object({ id: z.string(), bytes: z.number() }).nullable(),
  startedAt: z.date(),
  finishedAt: z.date().nullish(),
  by: z.string(),
  commit: z.string().nullish(),
  steps: z.array(step).default([]),
  why: z.array(z.string()).default([]),
  reason: z.string().nullish(),
  error: z.string().nullish(),
  rollbackOf: z.number().optional(),
  target: z.number().optional(),
});

export interface ReleaseShown extends Omit<z.infer<typeof stored>, "_id"> {
  number: number;
  /** Its image is in quarantine. */
  quarantined: boolean;
}

/** A line of the timeline; a release that another edition recorded has its number alone. */
export interface ReleaseLine {
  number: number;
  release: ReleaseShown | null;
}

/** A part of the timeline, newest first, and how to come to its neighbours. */
export interface ReleasePage {
  lines: ReleaseLine[];
  total: number;
  /** Ask for what is older than this number; null on the last page. */
  older: number | null;
  /** Whether there are newer ones than these. */
  hasNewer: boolean;
}

/** As many as a reader takes in, and a first paint bears. */
const pageSize = 15;

/** One page of the journal: those below the number `before`, or the newest. */
export async function readReleases(ops: Db, before?: number): Promise<ReleasePage> {
  const journal = ops.collection<{ _id: number }>("releases");
  const [found, total, newest] = await Promise.all([
    journal
      .find(before === undefined ? {} : { _id: { $lt: before } })
      .sort({ _id: -1 })
      .limit(pageSize + 1)
      .toArray(),
    journal.estimatedDocumentCount(),
    before === undefined ? null : journal.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } }),
  ]);
  const inQuarantine = await quarantined(ops);
  const lines = found.slice(0, pageSize).map((document) => lineOf(document, inQuarantine));
  const first = lines[0]?.number;
  return {
    lines,
    total,
    older: found.length > pageSize ? (lines.at(-1)?.number ?? null) : null,
    hasNewer: newest !== null && newest._id !== first,
  };
}

/** The newest release that ended well: what runs by the journal. */
export async function readServing(ops: Db): Promise<ReleaseShown | null> {
  // The first is nearly always the one: only where another edition wrote it is the next asked for.
  const newestFirst = ops
    .collection<{ _id: number; state: string }>("releases")
    .find({ _id: { $gt: 0 }, state: "done" }, { batchSize: 2 })
    .sort({ _id: -1 });
  const inQuarantine = await quarantined(ops);
  for await (const document of newestFirst) {
    const { release } = lineOf(document, inQuarantine);
    if (release) return release;
  }
  return null;
}

/** The digests of the images that no release deploys. */
async function quarantined(ops: Db): Promise<ReadonlySet<string>> {
  const all = ops.collection<{ _id: string }>("quarantine").find({}, { projection: { _id: 1 } });
  return new Set((await all.toArray()).map(({ _id }) => _id));
}

function lineOf(document: { _id: number }, inQuarantine: ReadonlySet<string>): ReleaseLine {
  const parsed = stored.safeParse(document);
  if (!parsed.success) return { number: document._id, release: null };
  const { _id: number, ...rest } = parsed.data;
  return { number, release: { number, ...rest, quarantined: inQuarantine.has(rest.image.digest) } };
}
