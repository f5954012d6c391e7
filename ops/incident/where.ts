import type { Db } from "mongodb";
import {
  addToTimeline,
  chosenIncident,
  closeIncident,
  KeptIncidents,
  startIncident,
  type Incident,
  type IncidentBeginning,
  type KeptIncident,
  type TimelineEntry,
} from "../../infra/engines/incidents";
import { OperatorError } from "../../infra/support";
import { atOperations } from "../operations-database";
import type { Terminal } from "../terminal";
import { kindOf, type IncidentOptions } from "./options";

/** Where an incident is written down: in the database, or in a file while that is away. */
export interface Where {
  /** Null while the database is away. */
  ops: Db | null;
  kept: KeptIncidents;
}

/** Whoever is refused by the database writes down what goes on all the same. */
const away = new Set([
  "database-unreachable",
  "database-down",
  "cluster-being-made",
  "database-refused-login",
  "database-credentials-missing",
  "database-credentials-unreadable",
  "no-database",
]);

/** Works with the database, and with the file alone where that cannot be reached; the file's part is merged when it can. */
export async function atIncidents<T>(
  options: IncidentOptions,
  terminal: Terminal,
  work: (where: Where) => Promise<T>,
): Promise<T> {
  const kept = new KeptIncidents(options.db ?? options.stack);
  let reached = false;
  try {
    return await atOperations(options, async ({ ops }) => {
      await ops.command({ ping: 1 });
      const missed = await kept.merge(ops);
      reached = true;
      if (missed > 0) terminal.say(`${missed} entries of the time without a database are in it now`);
      const result = await work({ ops, kept });
      await kept.merge(ops);
      return result;
    });
  } catch (error) {
    if (reached || !(error instanceof OperatorError) || !away.has(error.code)) throw error;
    terminal.say(`the database is away (${error.code}): the timeline is kept in a file until it is back`);
    return work({ ops: null, kept });
  }
}

/** Begins an incident where it can be written down. */
export function begin({ ops, kept }: Where, options: IncidentOptions): Promise<Incident | KeptIncident> {
  const beginning: IncidentBeginning = { kind: kindOf(options), title: options.text ?? "" };
  return ops ? startIncident(ops, beginning) : kept.start(beginning);
}

/** The incident that is meant: by number, or the newest open one. */
export async function find({ ops, kept }: Where, { id }: IncidentOptions): Promise<Incident | KeptIncident> {
  if (ops) return chosenIncident(ops, id);
  const all = await kept.read();
  const found = all.findLast(({ _id, closedAt }) => (id === undefined ? closedAt === null : _id === id));
  if (found) return found;
  throw new OperatorError({
    code: "incident-missing",
    kind: "refused",
    message: "no incident is open that this computer knows of, and the database is away",
    remedy: "Begin one with `dnd incident start`: it is merged when the database is back.",
  });
}

/** Adds a line to the timeline of an incident. */
export async function note(
  where: Where,
  incident: Incident | KeptIncident,
  entry: Omit<TimelineEntry, "at" | "by">,
): Promise<void> {
  if (where.ops && incident._id !== null) await addToTimeline(where.ops, incident._id, entry);
  else await where.kept.add(incident.key, entry);
}

/** Closes an incident with how it ended. */
export async function end(
  { ops, kept }: Where,
  incident: Incident | KeptIncident,
  text: string,
): Promise<Incident | KeptIncident> {
  return ops && incident._id !== null
    ? closeIncident(ops, incident._id, text)
    : kept.close(incident.key, text);
}
