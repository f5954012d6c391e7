import { randomBytes } from "node:crypto";
import type { Db } from "mongodb";
import type { Progress } from "../../../support";
import type { CollectionHeader } from "../archive";
import { ByteProgress } from "../byte-progress";
import type { Restored, RestoreWanted } from "../restore";
import { Anonymiser } from "./anonymise";
import { makeRoom, type Room } from "./in-place";
import type { JournalEntry, RestoreJournal } from "./journal";
import { loadShadows } from "./loading";
import { ArchivedLogins, holdsLogins, refuseWithoutLoginRights } from "./logins";
import { refuseLongNames } from "./names";
import { placeCollections, type Placement } from "./namespaces";
import { planSwitch, type Standing, type SwitchPlan } from "./plan";
import { finish, takeBack } from "./recover";
import type { OpenArchive } from "./source";
import { refuseOlderServer, refuseWithoutRights, replacedBy, standingCollections } from "./target";

export interface Run {
  db: Db;
  journal: RestoreJournal;
  progress: Progress;
  /** Restores in place that broke off: only a part of what they restored is there. */
  half: readonly JournalEntry[];
}

type Pieces = ReturnType<OpenArchive["pieces"]>;

/** What comes, what gives way to it, and the rest of the archive behind its list. */
interface Prepared {
  placed: Placement[];
  old: Standing[];
  headers: readonly CollectionHeader[];
  hasOplog: boolean;
  pieces: Pieces;
  told: ByteProgress;
}

/** From the list of an archive to the switch; until then nothing that stands in the database is touched. */
export async function restoreInto(run: Run, archive: OpenArchive, wanted: RestoreWanted): Promise<Restored> {
  const logins = new ArchivedLogins();
  const pieces = logins.noted(archive.pieces(wanted.signal));
  const id = randomBytes(4).toString("hex");
  try {
    const prepared = await prepare(run, archive, pieces, wanted);
    const { placed, old, headers } = prepared;
    const told = (restored: boolean) => (holdsLogins(headers) ? logins.told(restored) : null);
    const outcome = {
      collections: placed.map(({ name }) => name),
      dropped: old.map(({ name }) => name),
      written: wanted.dryRun !== true,
      undoable: false,
      safetyArchive: null,
    };
    if (wanted.dryRun) {
      const documents = await countDocuments(prepared);
      return { ...outcome, documents, usersAndRoles: told(false) };
    }
    await refuseWithoutRights(run.db, old, placed);
    if (wanted.usersAndRoles) await refuseWithoutLoginRights(run.db, headers, id);
    const room = await makeRoom(run, archive, wanted, old);
    const loaded = room
      ? await loadInPlace(run, archive, wanted, prepared, room)
      : await load(run, archive, wanted, prepared);
    if (wanted.usersAndRoles) await logins.restore(run.db, id);
    return { ...outcome, ...loaded, usersAndRoles: told(wanted.usersAndRoles === true) };
  } finally {
    await pieces.return(undefined);
  }
}

async function prepare(
  { db, progress }: Run,
  archive: OpenArchive,
  pieces: Pieces,
  wanted: RestoreWanted,
): Promise<Prepared> {
  const { namespaces, drop = false, dryRun = false, anonymise } = wanted;
  const { value: list } = await pieces.next();
  if (list?.kind !== "collections") throw new Error("an archive begins with its list");
  const placed = placeCollections(db.databaseName, list.collections, namespaces);
  refuseLongNames(
    db.databaseName,
    placed.map(({ name }) => name),
  );
  if (anonymise) new Anonymiser(anonymise).refuseTimeSeries(placed);
  await refuseOlderServer(db, archive.manifest?.serverVersion ?? list.serverVersion, wanted.allowOlder);
  const standing = await standingCollections(db);
  const some = namespaces !== undefined;
  const old = replacedBy(db, standing, placed, { drop: drop || dryRun, some });
  const total = archive.manifest?.collections.reduce((sum, one) => sum + one.bytes, 0) ?? 0;
  return {
    placed,
    old,
    pieces,
    headers: list.collections,
    hasOplog: list.collections.some((one) => one.db === "" && one.collection === "oplog"),
    told: new ByteProgress(progress, dryRun ? "reading" : "restoring", total),
  };
}

async function countDocuments({ pieces, placed, told }: Prepared): Promise<number> {
  const data = new Set(placed.map((one) => one.data));
  let documents = 0;
  for await (const piece of pieces) {
    if (piece.kind === "documents") told.add(piece.bytes.length);
    if (piece.kind === "end" && data.has(`${piece.db}.${piece.collection}`)) documents += piece.documents;
  }
  return documents;
}

type Loaded = Pick<Restored, "documents" | "undoable">;

async function load(
  run: Run,
  archive: OpenArchive,
  { compare, anonymise, signal }: RestoreWanted,
  { placed, old, hasOplog, pieces, told }: Prepared,
): Promise<Loaded> {
  const { db, journal, half } = run;
  const heals = half.map(({ _id }) => _id);
  const entry = await journal.begin("loading", archive.name, { heals });
  const anonymiser = anonymise && new Anonymiser(anonymise);
  const wanted = { db, id: entry._id, placed, hasOplog, anonymiser, told };
  try {
    const documents = await journal.whileAlive(entry, () =>
      loadShadows(pieces, { ...wanted, compare: compare ?? old.length > 0 }),
    );
    signal?.throwIfAborted();
    const plan = planSwitch(entry._id, old, placed);
    await journal.set(entry, { phase: "switching", plan: half.length > 0 ? withoutWayBack(plan) : plan });
    await finish(run, entry);
    return { documents, undoable: old.length > 0 && half.length === 0 };
  } catch (error) {
    await takeBackUnlessSwitching(run, entry);
    throw error;
  }
}

/** Nobody goes back to half a database. */
function withoutWayBack({ steps, confirm }: SwitchPlan): SwitchPlan {
  return { steps: [...steps, ...confirm], undo: [], confirm: [] };
}

/** Where this fails too, the journal still has the entry, and the next run does it. */
async function takeBackUnlessSwitching(run: Run, entry: JournalEntry): Promise<void> {
  if (entry.phase === "loading" && (await run.journal.answers()))
    await takeBack(run, entry).catch(() => undefined);
}

/** The whole archive was read once to see that it is sound; what stood there is gone. */
async function loadInPlace(
  run: Run,
  archive: OpenArchive,
  wanted: RestoreWanted,
  prepared: Prepared,
  room: Room,
): Promise<Loaded & Pick<Restored, "safetyArchive">> {
  const pieces = archive.pieces(wanted.signal);
  try {
    const half = [...run.half, await room.make()];
    const loaded = await load({ ...run, half }, archive, wanted, { ...prepared, old: [], pieces });
    return { ...loaded, safetyArchive: room.safetyArchive };
  } catch (error) {
    throw room.failure(error);
  } finally {
    await pieces.return(undefined);
  }
}
