import type { Db } from "mongodb";
import { z } from "zod";
import type { Figure } from "../figure";
import type { Probe } from "./probe";

const row = z.object({
  _id: z.string(),
  state: z.string(),
  direction: z.string(),
  transaction: z.boolean().default(false),
  startedAt: z.date().optional(),
});

/** One row of the journal of migrations, as much of it as monitoring asks for. */
export type MigrationRow = z.infer<typeof row>;

/** Probes the journal of migrations: how many are in effect, how many are expected, and whether one is stuck. */
export function migrationsProbe(database: Db, expected: readonly string[]): Probe {
  return {
    name: "migrations",
    look: async (at) => {
      const found = await database.collection("migrations").find({}).toArray();
      return migrationFigures(
        found.flatMap((one) => row.safeParse(one).data ?? []),
        expected,
        at,
      );
    },
  };
}

/** A migration that began and did not end is stuck for as long as it has been at it. */
export function migrationFigures(
  rows: readonly MigrationRow[],
  expected: readonly string[],
  at: Date,
): Figure[] {
  const applied = new Set(rows.filter(isInEffect).map(({ _id }) => _id));
  const stuck = rows.filter(({ state }) => state === "running" || state === "failed");
  const minutes = stuck.map(({ startedAt }) =>
    startedAt ? Math.max(0, (at.getTime() - startedAt.getTime()) / 60_000) : 0,
  );
  const about = { subject: "migrations", at };
  return [
    {
      ...about,
      name: "migrationStuckMinutes",
      value: Math.max(0, ...minutes),
      ...(stuck.length > 0 ? { note: stuck.map(({ _id, state }) => `${_id} ${state}`).join(", ") } : {}),
    },
    { ...about, name: "migrationsApplied", value: applied.size },
    {
      ...about,
      name: "migrationsPending",
      value: expected.filter((version) => !applied.has(version)).length,
    },
  ];
}

function isInEffect({ state, direction, transaction }: MigrationRow): boolean {
  return state === "applied" || (direction === "down" && transaction && state !== "reverted");
}
