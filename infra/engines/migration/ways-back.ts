import { whyNot } from "./chosen";
import { loadMigrations } from "./folder";
import type { MigrationPhase } from "./migration";
import { lookAt, type MigrationsAt } from "./plan";
import { fileMissing } from "./problems";
import { isApplied } from "./record";

/** A migration in effect, and whether it can be taken back. */
export interface WayBack {
  version: string;
  description: string;
  phase: MigrationPhase;
  /** Why it cannot; undefined where it can. */
  oneWay: string | undefined;
}

/** Every migration in effect by version, each with whether it can be taken back. Reads only. */
export async function waysBack(at: MigrationsAt): Promise<WayBack[]> {
  const { files, records } = await lookAt(at);
  return records
    .filter(isApplied)
    .map((record) => {
      const { version, description, phase } = record;
      const file = files.find((one) => one.version === version);
      if (!file) return { version, description, phase, oneWay: fileMissing(record) };
      const { loaded, problems } = loadMigrations([file]);
      const [migration] = loaded;
      return {
        version,
        description,
        phase,
        oneWay: migration ? whyNot(migration, record) : problems.join("; "),
      };
    })
    .sort((one, other) => (one.version < other.version ? -1 : 1));
}
