import type { Db, MongoClient } from "mongodb";
import type { LoadedMigration } from "./exports";
import type { MigrationFile } from "./folder";

type ForeignStep = (db: Db, client: MongoClient) => Promise<void>;

/** What a file for migrate-mongo exports. */
export interface ForeignFile {
  up: ForeignStep;
  down?: ForeignStep;
}

/** Whether a file was made for migrate-mongo: it exports `up(db, client)`, perhaps `down(db, client)`, and nothing else. */
export function isForeign(content: unknown): content is ForeignFile {
  if (typeof content !== "object" || content === null) return false;
  const { up, down, ...rest } = content as Record<string, unknown>;
  return (
    typeof up === "function" &&
    (down === undefined || typeof down === "function") &&
    Object.keys(rest).length === 0
  );
}

/** Fits such a file to the engine as it is: its name says what it does, and its version. */
export function parseForeign(file: MigrationFile, { up, down }: ForeignFile): LoadedMigration {
  return {
    ...file,
    description: file.file.replace(/^\d+-|\.\w+$/g, "").replaceAll(/[-_]+/g, " "),
    phase: "expand",
    transaction: true,
    idempotent: true,
    afterCrash: "complete",
    dependsOn: [],
    timeout: undefined,
    irreversible: down ? undefined : "its file has no `down`",
    undo: undefined,
    up: ({ db, client }) => up(db, client),
    down: down && (({ db, client }) => down(db, client)),
    verify: undefined,
    estimate: undefined,
    accepts: {},
    foreign: true,
  };
}

/** The same outside a transaction, for what no transaction can hold. */
export function outsideTransaction(migration: LoadedMigration): LoadedMigration {
  return { ...migration, transaction: false };
}
