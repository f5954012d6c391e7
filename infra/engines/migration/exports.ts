import type { MigrationFile } from "./folder";
import { isForeign, parseForeign } from "./foreign-file";
import type { WorkContext } from "./context";
import type { Migration, MigrationPhase } from "./migration";

/** One direction of a migration, as the engine calls it. */
export type Step = (context: WorkContext) => Promise<void>;

/** A migration with its defaults filled in. */
export interface LoadedMigration extends MigrationFile {
  description: string;
  phase: MigrationPhase;
  transaction: boolean;
  idempotent: boolean;
  afterCrash: "complete" | "undo";
  dependsOn: string[];
  timeout: string | undefined;
  irreversible: string | undefined;
  undo: "pre-images" | undefined;
  up: Step;
  down: Step | undefined;
  verify: Step | undefined;
  estimate: Migration["estimate"];
  accepts: NonNullable<Migration["accepts"]>;
  /** Made for migrate-mongo: in a transaction while it can, and outside of one where it must. */
  foreign: boolean;
}

/** Checks what a file exports; throws with everything that is wrong about it. */
export function parseMigration(file: MigrationFile, exported: unknown): LoadedMigration {
  const content = contentOf(exported);
  if (isForeign(content)) return parseForeign(file, content);
  return (require("./own-file") as typeof import("./own-file")).parseOwn(file, content);
}

function contentOf(exported: unknown): unknown {
  if (typeof exported !== "object" || exported === null) return exported;
  const content = "default" in exported ? exported.default : exported;
  // A module's own properties only: loaders add markers such as __esModule, which are no part of a migration.
  return typeof content === "object" && content !== null ? { ...content } : content;
}
