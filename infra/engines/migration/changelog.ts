import type { Db } from "mongodb";
import { z } from "zod";
import { journalName } from "./reserved";

/** Tools whose changelog can be taken over. */
export const changelogTools = ["migrate-mongo", "ts-migrate-mongoose"] as const;
export type ChangelogTool = (typeof changelogTools)[number];

/** One migration that another tool says is applied. */
export interface ChangelogEntry {
  version: string;
  name: string;
  appliedAt: Date;
  /** SHA-256 of its file, where the tool keeps one. */
  checksum: string | undefined;
}

/** What another tool has left in a database. */
export interface Changelog {
  tool: ChangelogTool;
  collection: string;
  entries: ChangelogEntry[];
}

const migrateMongo = z.object({
  fileName: z.string().regex(/^\d{14}-.+/),
  appliedAt: z.coerce.date(),
  fileHash: z.string().optional(),
});
const mongoose = z.object({ name: z.string().min(1), createdAt: z.date(), state: z.enum(["up", "down"]) });

/** Where ts-migrate-mongoose's own collection goes: it has the name that the journal needs. */
export const movedName = "migrations_ts_migrate_mongoose";

const places: Record<ChangelogTool, string[]> = {
  "migrate-mongo": ["changelog"],
  "ts-migrate-mongoose": [movedName, journalName],
};

/** Finds a changelog: of the tool, in the collection, or of whichever tool has left one. Reads only. */
export async function findChangelog(
  db: Db,
  { from, collection }: { from?: ChangelogTool | undefined; collection?: string | undefined },
): Promise<Changelog | undefined> {
  for (const tool of from ? [from] : changelogTools) {
    for (const name of collection ? [collection] : places[tool]) {
      const documents = await db.collection(name).find({}).sort({ _id: 1 }).toArray();
      const entries = documents.length > 0 ? entriesOf(tool, documents) : undefined;
      if (entries) return { tool, collection: name, entries };
    }
  }
  return undefined;
}

/** Undefined when the documents are not this tool's. */
function entriesOf(tool: ChangelogTool, documents: unknown[]): ChangelogEntry[] | undefined {
  if (tool === "migrate-mongo") {
    const parsed = z.array(migrateMongo).safeParse(documents).data;
    return parsed?.map(({ fileName, appliedAt, fileHash }) => ({
      version: fileName.slice(0, 14),
      name: fileName,
      appliedAt,
      checksum: fileHash,
    }));
  }
  const parsed = z.array(mongoose).safeParse(documents).data;
  return parsed
    ?.filter(({ state }) => state === "up")
    .map(({ name, createdAt }) => ({
      version: createdAt.toISOString().replaceAll(/\D/g, "").slice(0, 14),
      name,
      appliedAt: createdAt,
      checksum: undefined,
    }));
}
