import { attempt } from "./attempt";
import { LockLostError } from "./errors";
import type { LoadedMigration } from "./exports";
import { beginRecord } from "./journal";
import type { MigrationDirection } from "./migration";
import { settle } from "./settlement";
import type { Workplace } from "./workplace";

/** Writes the record, does the work, ends the record; after a failure it says what is left in the database. */
export async function apply(
  place: Workplace,
  migration: LoadedMigration,
  direction: MigrationDirection,
  release: number | null,
): Promise<{ durationMs: number }> {
  const { db, lease } = place;
  const started = performance.now();
  lease.assertHeld();
  place.progress(`${migration.version} ${direction}: ${migration.description}`);
  const record = await beginRecord(db, migration, { direction, release, token: lease.token });
  try {
    await attempt(place, migration, record, direction);
  } catch (error) {
    if (error instanceof LockLostError) throw error;
    const failure = await settle(place, migration, record, error);
    if (failure) throw failure;
  }
  return { durationMs: Math.round(performance.now() - started) };
}
