import type { ReleaseArgs } from "../components/release";
import { migrationsWanted } from "./migration-settings";
import { snapshotWanted } from "./snapshot-settings";
import { archiveReaders, type Settings } from "./settings";

/** What every kind of stack tells its release: where archives go, how migrations run, what must be there first. */
export function releaseSettings(settings: Settings): Pick<
  ReleaseArgs,
  "environment" | "copies" | "snapshot" | "archive" | "migrations" | "policy"
> & {
  store: string;
} {
  const { backup, environment, migrations } = settings;
  return {
    environment,
    store: backup.store,
    copies: backup.copies,
    snapshot: snapshotWanted(settings),
    archive: {
      preset: backup.compression,
      restoreTest: backup.restoreTest,
      recipients: archiveReaders(settings),
    },
    migrations: migrationsWanted(migrations),
    policy: { backup: backup.enabled, skipMigrations: migrations.skip },
  };
}
