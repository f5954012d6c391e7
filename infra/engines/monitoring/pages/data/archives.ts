import type { Db } from "mongodb";
import { z } from "zod";

const verification = z.object({ kind: z.string(), at: z.coerce.date(), ok: z.boolean() });
const copy = z.object({ outcome: z.string(), at: z.coerce.date() });

/** An archive as the catalog remembers it; it stands there only once it was read again and found whole. */
const stored = z.object({
  _id: z.string(),
  takenAt: z.coerce.date(),
  bytes: z.number(),
  documents: z.number(),
  consistency: z.string(),
  release: z.number().nullish(),
  verifications: z.array(verification).default([]),
  copies: z.array(copy).default([]),
});

/** An archive's document tells of each of its collections as well, which nobody sees here. */
const asked = Object.fromEntries(Object.keys(stored.shape).map((field) => [field, 1]));

export interface ArchiveShown {
  id: string;
  takenAt: Date;
  bytes: number;
  documents: number;
  release: number | null;
  /** whole: read back when it was taken; restored: put into a database since; damaged: the last look found it not whole. */
  proof: "whole" | "restored" | "damaged";
  /** How many copies in further stores are there, and how many failed. */
  copies: { there: number; failed: number };
}

/** Enough for the calendar's weeks at one an hour. */
const readAtMost = 1000;

/** The archives that the catalog knows, newest first; their ids are in the order of time. */
export async function readArchives(ops: Db): Promise<ArchiveShown[]> {
  const found = await ops
    .collection<{ _id: string }>("archives")
    .find({}, { projection: asked })
    .sort({ _id: -1 })
    .limit(readAtMost)
    .toArray();
  return found.flatMap((document) => {
    const parsed = stored.safeParse(document);
    return parsed.success ? [shown(parsed.data)] : [];
  });
}

function shown(archive: z.infer<typeof stored>): ArchiveShown {
  const { _id: id, takenAt, bytes, documents, release, verifications, copies } = archive;
  const failed = copies.filter(({ outcome }) => outcome === "failed").length;
  const last = verifications.at(-1);
  const restored = verifications.some(({ kind, ok }) => kind === "restore" && ok);
  return {
    id,
    takenAt,
    bytes,
    documents,
    release: release ?? null,
    proof: last?.ok === false ? "damaged" : restored ? "restored" : "whole",
    copies: { there: copies.length - failed, failed },
  };
}
