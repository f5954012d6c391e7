import type { DatabaseAddress } from "../../drivers/mongo";
import { withDatabases } from "./connection";
import type { LoadedMigration } from "./exports";
import { look, type Look } from "./look";
import type { MigrationPhase } from "./migration";
import type { MigrationEstimate } from "./migration-context";
import { oneWayProblems, type MigrationRules, type Unfiled } from "./problems";
import { isApplied, schemaVersionOf } from "./record";

/** Which migrations, in which database; null where there is none yet. */
export interface MigrationsAt extends MigrationRules {
  address: DatabaseAddress | null;
  folder: string;
  signal?: AbortSignal | undefined;
}

/** A migration that waits, as a plan shows it. */
export interface PlannedMigration {
  version: string;
  description: string;
  phase: MigrationPhase;
  reversible: boolean;
  /** Why there is no way back, and how much there is to do; only in a plan that was asked for it. */
  irreversible?: string | null;
  estimate?: MigrationEstimate | null;
}

export interface MigrationPlan {
  /** Versions in effect. */
  applied: string[];
  pending: PlannedMigration[];
  /** The newest version in effect. */
  schemaVersion: string | null;
  /** How many files there are. */
  total: number;
  /** What must be mended before anything runs. */
  problems: string[];
  /** Applied versions whose files are missing without a fault. */
  unfiled: Unfiled;
}

/** Says what would run and what stands in its way. Reads only. */
export async function planMigrations(at: MigrationsAt & { estimates?: boolean }): Promise<MigrationPlan> {
  const { address, folder, signal } = at;
  if (!address || !at.estimates) return planOf(await lookAt(at), at);
  return withDatabases(address, signal, async ({ db }) => {
    const seen = await look(folder, db, at);
    const { estimateOf } = require("./estimate") as typeof import("./estimate");
    const pending: PlannedMigration[] = [];
    for (const one of seen.pending) {
      const estimate = await estimateOf(one, db, signal);
      pending.push({ ...planned(one), irreversible: one.irreversible ?? null, estimate });
    }
    return { ...planOf(seen, at), pending };
  });
}

/** Looks without writing, with or without a database. */
export async function lookAt(at: MigrationsAt): Promise<Look> {
  const { address, folder, signal } = at;
  return address ? withDatabases(address, signal, ({ db }) => look(folder, db, at)) : look(folder, null, at);
}

function planOf({ files, records, pending, problems, unfiled }: Look, rules: MigrationRules): MigrationPlan {
  return {
    applied: records.filter(isApplied).map(({ version }) => version),
    pending: pending.map(planned),
    schemaVersion: schemaVersionOf(records),
    total: files.length,
    problems: [...problems, ...oneWayProblems(pending, rules)],
    unfiled,
  };
}

function planned({ version, description, phase, down, undo }: LoadedMigration): PlannedMigration {
  return { version, description, phase, reversible: down !== undefined || undo !== undefined };
}
