import { hostname, userInfo } from "node:os";
import type { Collection, Db } from "mongodb";
import { leaveWord } from "../../support";
import { NewerJournalError, ReleaseTakenError } from "./errors";
import { releaseSchema, type Image, type Release } from "./release";

const duplicateKey = 11000;

/** What a release is begun with; the rest is filled in as it goes. */
export interface ReleaseBeginning {
  number: number;
  environment: string;
  image: Image;
  schemaBefore: string | null;
  why: string[];
  commit: string | null;
  details?: ReleaseDetails;
}

/** What not every release has, or what an earlier edition did not know. */
export type ReleaseDetails = Pick<
  Release,
  | "kind"
  | "rollbackOf"
  | "target"
  | "rollsBackTo"
  | "runner"
  | "engine"
  | "settingsHash"
  | "livesWith"
  | "overridden"
  | "reason"
>;

function releases(ops: Db): Collection<Release> {
  return ops.collection<Release>("releases");
}

/** The newest release of whatever outcome, or null before the first. */
export async function newestRelease(ops: Db): Promise<Release | null> {
  const [newest] = await releases(ops).find({}).sort({ _id: -1 }).limit(1).toArray();
  return newest ? parseRelease(newest) : null;
}

/** The newest release that ended well, or null. */
export async function newestDone(ops: Db): Promise<Release | null> {
  const all = releases(ops).find({}).sort({ _id: -1 });
  for await (const release of all) if (release.state === "done") return parseRelease(release);
  return null;
}

/** The releases, newest first, as many as asked for. */
export async function listReleases(ops: Db, limit: number): Promise<Release[]> {
  const found = await releases(ops).find({}).sort({ _id: -1 }).limit(limit).toArray();
  return found.map(parseRelease);
}

/** One release by its number; null where the journal has none. */
export async function findRelease(ops: Db, number: number): Promise<Release | null> {
  const found = await releases(ops).findOne({ _id: number });
  return found ? parseRelease(found) : null;
}

/** Takes the number for this run and ends what an earlier run left open; a release that is done stays as it is. */
export async function beginRelease(ops: Db, beginning: ReleaseBeginning): Promise<void> {
  const { number, schemaBefore, details = {}, ...rest } = beginning;
  const existing = await releases(ops).findOne({ _id: number });
  if (existing?.state === "done") return;
  await endInterrupted(ops, number);
  const release: Release = {
    ...rest,
    ...present(details),
    _id: number,
    documentVersion: 1,
    state: "running",
    schema: { before: schemaBefore, after: null },
    archive: null,
    startedAt: new Date(),
    finishedAt: null,
    by: userInfo().username,
    host: hostname(),
    steps: [],
    error: null,
  };
  try {
    await releases(ops).insertOne(release);
    await beatRelease(ops, number);
  } catch (error) {
    if ((error as { code?: unknown }).code !== duplicateKey) throw error;
    const taken = new ReleaseTakenError(number, await releases(ops).findOne({ _id: number }));
    leaveWord(taken);
    throw taken;
  }
}

/** What is not known is left out, for the driver would write it as null. */
function present(details: ReleaseDetails): ReleaseDetails {
  return Object.fromEntries(
    Object.entries(details).filter(([, value]) => value !== undefined && value !== null),
  );
}

async function endInterrupted(ops: Db, before: number): Promise<void> {
  const older = await releases(ops).find({}).sort({ _id: -1 }).limit(5).toArray();
  for (const release of older) {
    if (release.state !== "running" || release._id >= before) continue;
    await releases(ops).updateOne(
      { _id: release._id },
      { $set: { state: "failed", finishedAt: new Date(), error: "the run that made it was interrupted" } },
    );
  }
}

/** Adds a step's outcome to a running release; a failed step fails it. */
export async function recordStep(
  ops: Db,
  number: number,
  step: Release["steps"][number],
  error?: string,
): Promise<void> {
  await releases(ops).updateOne(
    { _id: number, state: "running" },
    {
      $push: { steps: step },
      $currentDate: { heartbeatAt: true },
      ...(error === undefined ? {} : { $set: { state: "failed", finishedAt: new Date(), error } }),
    },
  );
}

/** Says that the run which makes a release still lives, by the server's clock; one that has ended stays as it is. */
export async function beatRelease(ops: Db, number: number): Promise<void> {
  await releases(ops).updateOne({ _id: number, state: "running" }, { $currentDate: { heartbeatAt: true } });
}

/** Ends a release that goes no further, with why; one that has ended already stays as it is. */
export async function endRelease(ops: Db, number: number, error: string): Promise<void> {
  await releases(ops).updateOne(
    { _id: number, state: "running" },
    { $set: { state: "failed", finishedAt: new Date(), error } },
  );
}

/** Closes a release that went well; closing it again changes nothing. */
export async function finishRelease(
  ops: Db,
  number: number,
  outcome: { schemaAfter: string | null; archive: Release["archive"] },
): Promise<Release | null> {
  await releases(ops).updateOne({ _id: number }, [
    {
      $set: {
        state: "done",
        error: null,
        finishedAt: { $ifNull: ["$finishedAt", "$$NOW"] },
        "schema.after": { $literal: outcome.schemaAfter },
        archive: { $ifNull: ["$archive", { $literal: outcome.archive }] },
      },
    },
  ]);
  const release = await releases(ops).findOne({ _id: number });
  return release ? parseRelease(release) : null;
}

function parseRelease(document: Release): Release {
  if (document.documentVersion !== 1) throw new NewerJournalError(document._id, document.documentVersion);
  return releaseSchema.parse(document);
}
