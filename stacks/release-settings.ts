import { createHash } from "node:crypto";
import { rollbackOrder, type ReleaseArgs } from "../components/release";
import { gatesWanted } from "./gates-wanted";
import { migrationsWanted } from "./migration-settings";
import { promotionWanted } from "./promotion-settings";
import { snapshotWanted } from "./snapshot-settings";
import { archiveReaders, type Settings } from "./settings";
import { thresholdsOf } from "./verification-settings";

/** What every kind of stack tells its release: where archives go, how migrations run, what must be there first. */
export function releaseSettings(
  settings: Settings,
): Pick<
  ReleaseArgs,
  | "environment"
  | "order"
  | "copies"
  | "snapshot"
  | "archive"
  | "migrations"
  | "policy"
  | "verification"
  | "gates"
  | "promotion"
  | "made"
> & { store: string } {
  const { backup, environment, migrations, release } = settings;
  return {
    environment,
    order: rollbackOrder(process.env),
    store: backup.store,
    copies: backup.copies,
    snapshot: snapshotWanted(settings),
    archive: {
      preset: backup.compression,
      restoreTest: backup.restoreTest,
      recipients: archiveReaders(settings),
    },
    migrations: migrationsWanted(migrations, environment),
    policy: { backup: backup.enabled, skipMigrations: migrations.skip },
    gates: gatesWanted(settings),
    promotion: promotionWanted(settings),
    verification: {
      bakeMs: release.verification.bake,
      sample: release.verification.sample,
      thresholds: thresholdsOf(release.verification),
    },
    made: {
      settingsHash: settingsHash(settings),
      ...(migrations.schema && { livesWith: migrations.schema }),
    },
  };
}

/** Secrets show themselves as "[secret]" there, so that the fingerprint tells nothing of them. */
function settingsHash(settings: Settings): string {
  return createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 16);
}
