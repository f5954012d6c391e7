import { OperatorError, formatSize } from "../../../support";
import { RestoreIncompleteError } from "../errors";
import type { RestoreWanted } from "../restore";
import type { Run } from "./into-database";
import type { JournalEntry } from "./journal";
import type { Standing } from "./plan";
import type { OpenArchive } from "./source";
import { drop } from "./take-step";
import { freeBytes } from "./target";

/** What a restore in place takes care of before and after. */
export interface Room {
  safetyArchive: string;
  /** Drops what stands there, after it said so in the journal. */
  make(): Promise<JournalEntry>;
  failure(error: unknown): unknown;
}

/** Undefined where old and new find room beside each other; else what stands there is in an archive of its own now. */
export async function makeRoom(
  run: Run,
  archive: OpenArchive,
  wanted: RestoreWanted,
  old: readonly Standing[],
): Promise<Room | undefined> {
  if (old.length === 0) return undefined;
  const lacking = wanted.inPlace ? undefined : await lackingSpace(run, archive);
  if (!wanted.inPlace && lacking === undefined) return undefined;
  const { safetyStore, safetyEncryption, safetyRelease = null, signal, to, progress } = wanted;
  // What was whole is in the archive of the first one that broke off; since then there is only half of something.
  const safety = run.half[0]?.safety;
  if ((safetyStore ?? safety) === undefined || !archive.repeatable)
    throw new NoRoomError(run.db.databaseName, lacking, archive);
  for await (const piece of archive.pieces(signal)) if (piece.kind === "end") signal?.throwIfAborted();
  if (safety !== undefined || safetyStore === undefined) return roomFor(run, archive, old, safety ?? "");
  const { takeBackup } = require("../take-backup") as typeof import("../take-backup");
  const environment = archive.manifest?.environment ?? "unknown";
  const taken = await takeBackup({
    address: to,
    store: safetyStore,
    environment,
    release: safetyRelease,
    encryption: safetyEncryption,
    progress,
    signal,
  });
  return roomFor(run, archive, old, taken.id);
}

function roomFor(
  { db, journal, progress }: Run,
  archive: OpenArchive,
  old: readonly Standing[],
  safetyArchive: string,
): Room {
  let entry: JournalEntry | undefined;
  return {
    safetyArchive,
    async make() {
      entry = await journal.begin("in-place", archive.name, { safety: safetyArchive });
      for (const { name } of old) {
        progress(`dropping ${name}`);
        await drop(db, name);
      }
      return entry;
    },
    failure(error) {
      return entry ? new RestoreIncompleteError(db.databaseName, archive.name, error) : error;
    },
  };
}

/** How many bytes there are too few; documents need no more on disk than in an archive that is not compressed. */
async function lackingSpace({ db }: Run, { manifest }: OpenArchive): Promise<number | undefined> {
  const free = await freeBytes(db);
  if (free === undefined || !manifest) return undefined;
  const needed = manifest.collections.reduce((sum, one) => sum + one.bytes, 0);
  return needed > free ? needed - free : undefined;
}

class NoRoomError extends OperatorError {
  constructor(database: string, lacking: number | undefined, { repeatable }: OpenArchive) {
    const space = lacking === undefined ? "" : `: ${formatSize(lacking)} are missing on the server's disk`;
    super({
      code: "restore-no-room",
      kind: "refused",
      message: `the old and the new collections of ${database} cannot stand beside each other${space}`,
      remedy: repeatable
        ? "Free space, or name a store for a safety archive: the restore then takes the place of what is there. Nothing was changed."
        : "Free space, or give the archive as a file: in place it is read twice. Nothing was changed.",
    });
  }
}
