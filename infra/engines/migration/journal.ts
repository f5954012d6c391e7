import { MongoServerError, type ClientSession, type Collection, type CollectionInfo, type Db } from "mongodb";
import { ForeignJournalError, LockLostError, NewerMigrationJournalError } from "./errors";
import type { LoadedMigration } from "./exports";
import { isHalfDone, type BackfillCursor, type JournalRecord } from "./record";
import { asRecord, recordValidator } from "./record-shape";
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

/** Writes a record before its work, if the journal still is as it was seen: whoever comes too late changes nothing. */
export async function beginRecord(
  db: Db,
  record: JournalRecord,
  earlier: JournalRecord | undefined,
  session: ClientSession,
): Promise<void> {
  await journal(db)
    .replaceOne(asSeen(record, earlier), record, { upsert: true, session })
    .catch(unlessOvertaken);
}

function asSeen({ _id }: JournalRecord, earlier: JournalRecord | undefined) {
  // No record has no token: this one can only be inserted, which fails where somebody else was first.
  return earlier ? { _id, token: earlier.token, state: earlier.state } : { _id, token: { $exists: false } };
}

const duplicateKey = 11000;

function unlessOvertaken(error: unknown): never {
  if ((error as { code?: unknown }).code === duplicateKey) {
    throw new LockLostError("another run has begun its migration");
  }
  throw error;
}

/** Takes over what an earlier owner of the lock left running: a transaction of that one can end its record no more. */
export async function overtakeRecords(db: Db, token: number): Promise<void> {
  // Waits for a transaction that has ended its record and is not committed yet.
  const left = { state: "running" as const, token: { $lt: token } };
  await journal(db).updateMany(left, { $set: { token } }, { maxTimeMS: 70_000, hint: { _id: 1 } });
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

type RecordEnd = Pick<JournalRecord, "state" | "error"> &
  Partial<Pick<JournalRecord, "cursors" | "direction" | "partial" | "preImages">>;

/** Ends a record that this run began, in the transaction of the change where there is one. */
export async function endRecord(
  db: Db,
  begun: JournalRecord,
  end: RecordEnd,
  session?: ClientSession,
): Promise<void> {
  await change(db, begun, session, { $set: ended(begun, end) });
}

/** A record that is written ahead, and what the journal says of its migration until then. */
export interface NextRecord {
  record: JournalRecord;
  earlier: JournalRecord | undefined;
}

/** Ends a record and begins the next one in one command of the same transaction. */
export async function endAndBegin(
  db: Db,
  begun: JournalRecord,
  end: RecordEnd,
  next: NextRecord,
  session: ClientSession,
): Promise<void> {
  // As a plain command: the driver's own bulk writes cost more than all the rest of a small migration.
  const updates = [
    { q: running(begun), u: { $set: ended(begun, end) } },
    { q: asSeen(next.record, next.earlier), u: next.record, upsert: true },
  ];
  const answer = await db.command({ update: journalName, updates }, { session });
  const [failure] = (answer.writeErrors ?? []) as { code: number; errmsg: string }[];
  if (failure) unlessOvertaken(new MongoServerError({ ...failure, message: failure.errmsg }));
  if (answer.n < 2) throw overtaken();
}

function ended(begun: JournalRecord, end: RecordEnd): Partial<JournalRecord> {
  const now = new Date();
  const { log, touched, preImages } = begun;
  const durationMs = now.getTime() - begun.startedAt.getTime();
  return { log, touched, preImages, finishedAt: now, executedAt: now, durationMs, ...end };
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

/** The versions whose pre-images are kept. */
export async function keptPreImages(db: Db): Promise<string[]> {
  const kept = await readJournal(db);
  return kept
    .filter(({ preImages, state }) => preImages === "kept" && state !== "reverted")
    .map(({ version }) => version);
}

/** Says of migrations that their pre-images are kept no more. */
export async function markBeyond(db: Db, versions: string[], session: ClientSession): Promise<void> {
  await journal(db).updateMany({ _id: { $in: versions } }, { $set: { preImages: "beyond" } }, { session });
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
  const { matchedCount } = await journal(db).updateOne(running(begun), update, session ? { session } : {});
  if (matchedCount === 0) throw overtaken();
}

/** Compares the lock's token as well: in a transaction this is what shuts a run out that has lost the lock. */
function running({ version, token }: JournalRecord) {
  return { _id: version, token, state: "running" as const };
}

function overtaken(): LockLostError {
  return new LockLostError("another run took over its migration");
}

function parseRecord(document: JournalRecord): JournalRecord {
  const { documentVersion } = document as { documentVersion?: unknown };
  if (typeof documentVersion === "number" && documentVersion > 1) {
    throw new NewerMigrationJournalError(document._id, documentVersion);
  }
  const record = asRecord(document);
  if (!record) throw new ForeignJournalError(document._id);
  return record;
}
