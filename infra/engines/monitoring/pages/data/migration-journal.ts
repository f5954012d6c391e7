import type { Db } from "mongodb";
import { z } from "zod";

const stored = z.object({
  _id: z.string(),
  description: z.string().default(""),
  phase: z.string().default("expand"),
  state: z.enum(["running", "applied", "failed", "reverted"]),
  executedAt: z.date(),
  durationMs: z.number().nullish(),
  release: z.number().nullish(),
  error: z.string().nullish(),
});

export type MigrationShown = Omit<z.infer<typeof stored>, "_id"> & { version: string };

/** The journal of migrations in the application's database, newest version first. */
export async function readMigrations(database: Db): Promise<MigrationShown[]> {
  const found = await database
    .collection<{ _id: string }>("migrations")
    .find({}, { projection: { log: 0, cursors: 0 } })
    .sort({ _id: -1 })
    .toArray();
  return found.flatMap((document) => {
    const parsed = stored.safeParse(document);
    if (!parsed.success) return [];
    const { _id: version, ...rest } = parsed.data;
    return [{ version, ...rest }];
  });
}
