import type { DatabaseAddress } from "../../drivers/mongo";
import { withDatabases } from "./connection";
import type { LoadedMigration } from "./exports";
import { loadMigrations, readMigrationFolder } from "./folder";
import { look, type Look } from "./look";
import type { MigrationPhase } from "./migration";
import { isApplied, schemaVersionOf } from "./record";

/** Which migrations, in which database; null where there is none yet. */
export interface MigrationsAt {
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
}

/** Says what would run and what stands in its way. Reads only. */
export async function planMigrations(at: MigrationsAt): Promise<MigrationPlan> {
  return planOf(await lookAt(at));
}

/** Looks without writing, with or without a database. */
export async function lookAt({ address, folder, signal }: MigrationsAt): Promise<Look> {
  return address ? withDatabases(address, signal, ({ db }) => look(folder, db)) : look(folder, null);
}

/** Checks a folder without any database: names, versions, exports, order of the phases. */
export function validateMigrations(folder: string): { ok: boolean; total: number; problems: string[] } {
  const { files, problems } = readMigrationFolder(folder);
  const { problems: unloadable } = loadMigrations(files);
  const all = [...problems, ...unloadable];
  return { ok: all.length === 0, total: files.length, problems: all };
}

function planOf({ files, records, pending, problems }: Look): MigrationPlan {
  return {
    applied: records.filter(isApplied).map(({ version }) => version),
    pending: pending.map(planned),
    schemaVersion: schemaVersionOf(records),
    total: files.length,
    problems,
  };
}

function planned({ version, description, phase, down }: LoadedMigration): PlannedMigration {
  return { version, description, phase, reversible: down !== undefined };
}
