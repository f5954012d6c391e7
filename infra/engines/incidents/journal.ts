import { userInfo } from "node:os";
import type { Collection, Db } from "mongodb";
import { begun, type IncidentBeginning } from "./begun";
import { IncidentClosedError, NewerIncidentError, NoIncidentError } from "./errors";
import { parseIncident, type Incident, type TimelineEntry } from "./incident";

const duplicateKey = 11000;
const tries = 20;

function incidents(ops: Db): Collection<Incident> {
  return ops.collection<Incident>("incidents");
}

/** Writes a new incident down under the next number. */
export function startIncident(ops: Db, beginning: IncidentBeginning): Promise<Incident> {
  return insert(ops, begun(beginning));
}

/** Two that begin at once take two numbers. */
export async function insert(ops: Db, document: Omit<Incident, "_id">): Promise<Incident> {
  for (let attempt = 1; ; attempt++) {
    const [newest] = await incidents(ops).find({}).sort({ _id: -1 }).limit(1).toArray();
    const numbered: Incident = { _id: (newest?._id ?? 0) + 1, ...document };
    try {
      await incidents(ops).insertOne(numbered);
      return numbered;
    } catch (error) {
      if ((error as { code?: unknown }).code !== duplicateKey || attempt === tries) throw error;
    }
  }
}

/** The incidents, newest first. */
export async function listIncidents(ops: Db, limit = 50): Promise<Incident[]> {
  const found = await incidents(ops).find({}).sort({ _id: -1 }).limit(limit).toArray();
  return found.map(parsed);
}

/** Those that nobody has closed, newest first. */
export async function openIncidents(ops: Db): Promise<Incident[]> {
  return (await listIncidents(ops)).filter(({ closedAt }) => closedAt === null);
}

/** One by its number, or the newest open one; throws where there is none. */
export async function chosenIncident(ops: Db, number?: number): Promise<Incident> {
  const found =
    number === undefined ? (await openIncidents(ops))[0] : await incidents(ops).findOne({ _id: number });
  if (!found) throw new NoIncidentError(number);
  return parsed(found);
}

/** Adds to the timeline of an open incident. */
export async function addToTimeline(
  ops: Db,
  number: number,
  {
    at = new Date(),
    by = userInfo().username,
    ...rest
  }: Omit<TimelineEntry, "at" | "by"> & Partial<TimelineEntry>,
): Promise<void> {
  const entry = { at, by, ...rest };
  const { matchedCount } = await incidents(ops).updateOne(
    { _id: number, closedAt: null },
    { $push: { timeline: entry } },
  );
  if (matchedCount === 0) throw new IncidentClosedError(number);
}

/** Closes an incident with how it ended; a second time changes nothing. */
export async function closeIncident(
  ops: Db,
  number: number,
  text: string,
  at = new Date(),
): Promise<Incident> {
  const entry = { at, by: userInfo().username, kind: "closed", text };
  await incidents(ops).updateOne(
    { _id: number, closedAt: null },
    { $set: { closedAt: at }, $push: { timeline: entry } },
  );
  return chosenIncident(ops, number);
}

function parsed(document: Incident): Incident {
  if (document.version !== 1) throw new NewerIncidentError(document._id, document.version);
  return parseIncident(document);
}
