import type { ClientSession, Collection, CollectionInfo, Db } from "mongodb";
import { ForeignJournalError, LockLostError, NewerMigrationJournalError } from "./errors";
import type { LoadedMigration } from "./exports";
import { isHalfDone, recordSchema, recordValidator, type BackfillCursor, type JournalRecord } from "./record";
import { journalName } from "./reserved";
import { runner } from "./runner";

function journal(db: Db): Collection<JournalRecord> {
  return db.collection<JournalRecord>(journalName);
}

/** Everything the journal holds, by version; nothing where there is no journal yet. Reads only. */
export async function readJournal(db: Db): Promise<JournalRecord[]> {
  const documents = await journal(db).find({}).sort({ _id: 1 }).toArray();
  return documents.map(parseRecord);
}

export async function readRecord(db: Db, version: string): Promise<JournalRecord | null> {
  const document = await journal(db).findOne({ _id: version });
  return document ? parseRecord(document) : null;
}

/** Creates the journal, or brings its validator up to date. */
export async function ensureJournal(db: Db): Promise<void> {
  const [existing] = await db.listCollections<CollectionInfo>({ name: journalName }).toArray();
  const validator = existing?.options?.validator as unknown;
  if (!existing) await db.createCollection(journalName, { validator: recordValidator });
  else if (JSON.stringify(validator) !== JSON.stringify(recordValidator)) {
    await db.command({ collMod: journalName, validator: recordValidator });
  }
  await journal(db).createIndexes([
    { key: { version: 1 }, name: "version", unique: true },
    { key: { executedAt: -1 }, name: "executedAt" },
  ]);
}

type Run = Pick<JournalRecord, "direction" | "release" | "token" | "commit" | "holes">;

/** Writes that a migration is about to run. What an earlier try of the same file has done outside a transaction counts. */
export async function beginRecord(
  db: Db,
  migration: LoadedMigration,
  run: Run,
  earlier: JournalRecord | undefined,
): Promise<JournalRecord> {
  const record = recordOf(migration, run, earlier);
  await journal(db).replaceOne({ _id: record._id }, record, { upsert: true });
  return record;
}

/** The record of a migration that is about to run. */
export function recordOf(
  migration: LoadedMigration,
  run: Run,
  earlier: JournalRecord | undefined,
): JournalRecord {
  const { version, file, description, checksum, phase, transaction } = migration;
  const goesOn =
    earlier !== undefined &&
    isHalfDone(earlier) &&
    earlier.checksum === checksum &&
    earlier.direction === run.direction;
  const now = new Date();
  return {
    _id: version,
    documentVersion: 1,
    version,
    file,
    description,
    checksum,
    phase,
    transaction,
    state: "running",
    startedAt: now,
    finishedAt: null,
    executedAt: now,
    durationMs: null,
    ...runner(),
    ...run,
    error: null,
    partial: !transaction,
    cursors: goesOn ? earlier.cursors : [],
    log: [],
    touched: goesOn ? earlier.touched : [],
    preImages: earlier?.preImages ?? "none",
    adopted: earlier?.adopted ?? null,
  };
}

/** Ends a record that this run began, in the transaction of the change where there is one. */
export async function endRecord(
  db: Db,
  begun: JournalRecord,
  end: Pick<JournalRecord, "state" | "error"> &
    Partial<Pick<JournalRecord, "cursors" | "direction" | "partial" | "preImages">>,
  session?: ClientSession,
): Promise<void> {
  const now = new Date();
  const { log, touched, preImages } = begun;
  const durationMs = now.getTime() - begun.startedAt.getTime();
  const seen = { log, touched, preImages, finishedAt: now, executedAt: now, durationMs };
  await change(db, begun, session, { $set: { ...seen, ...end } });
}

/** Accepts a file that was changed after it was applied, and says so in the record. */
export async function acceptChecksum(
  db: Db,
  { version, checksum: before }: JournalRecord,
  now: { file: string; checksum: string; commit: string | null; said: string },
): Promise<void> {
  const { file, checksum, commit, said } = now;
  await journal(db).updateOne(
    { _id: version, checksum: before },
    { $set: { file, checksum, commit }, $push: { log: said } },
  );
}

/** Writes records of what another tool has applied. */
export async function insertRecords(db: Db, records: JournalRecord[], session: ClientSession): Promise<void> {
  await journal(db).insertMany(records, { session });
}

/** Marks what an archive has brought back to before it: nothing of these migrations is there any more. */
export async function markRestored(db: Db, token: number, versions: string[]): Promise<void> {
  const now = new Date();
  await journal(db).updateMany(
    { _id: { $in: versions }, token, state: "applied" },
    {
      $set: { state: "reverted", direction: "down", executedAt: now, finishedAt: now },
    },
  );
  const gone = { partial: false, cursors: [], touched: [] };
  await journal(db).updateMany({ _id: { $in: versions }, token }, { $set: gone });
}

/** Turns a record that this run began round, before the work is taken back: what is undone must not count as done. */
export async function turnRecord(db: Db, begun: JournalRecord): Promise<JournalRecord> {
  const turned = { direction: "down" as const, cursors: [] };
  await change(db, begun, undefined, { $set: turned });
  return { ...begun, ...turned };
}

/** Keeps that a migration outside a transaction is about to write to a collection. */
export async function keepTouched(db: Db, begun: JournalRecord, collection: string): Promise<void> {
  await change(db, begun, undefined, { $addToSet: { touched: collection } });
}

/** Keeps whether there are pre-images, in the transaction that writes them. */
export async function keepPreImages(
  db: Db,
  begun: JournalRecord,
  preImages: JournalRecord["preImages"],
  session: ClientSession,
): Promise<void> {
  await change(db, begun, session, { $set: { preImages } });
}

/** Keeps how far a backfill has come, in the transaction of its batch. */
export async function keepCursor(
  db: Db,
  begun: JournalRecord,
  cursor: BackfillCursor,
  session: ClientSession,
): Promise<void> {
  await change(db, begun, session, [
    {
      $set: {
        touched: { $literal: begun.touched },
        cursors: {
          $concatArrays: [
            { $filter: { input: "$cursors", cond: { $ne: ["$$this.key", { $literal: cursor.key }] } } },
            [{ $literal: cursor }],
          ],
        },
      },
    },
  ]);
}

async function change(
  db: Db,
  begun: JournalRecord,
  session: ClientSession | undefined,
  update: object | object[],
): Promise<void> {
  const { matchedCount } = await journal(db).updateOne(
    { _id: begun.version, token: begun.token, state: "running" },
    update,
    session ? { session } : {},
  );
  if (matchedCount === 0) throw new LockLostError("another run took over its migration");
}

function parseRecord(document: JournalRecord): JournalRecord {
  const { documentVersion } = document as { documentVersion?: unknown };
  if (typeof documentVersion === "number" && documentVersion > 1) {
    throw new NewerMigrationJournalError(document._id, documentVersion);
  }
  const parsed = recordSchema.safeParse(document);
  if (!parsed.success) throw new ForeignJournalError(document._id);
  return parsed.data;
}
