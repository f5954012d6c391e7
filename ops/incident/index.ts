import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import {
  gatherTimeline,
  listIncidents,
  postMortem,
  progressOf,
  type Incident,
  type KeptIncident,
  type TimelineEntry,
} from "../../infra/engines/incidents";
import { localFolder } from "../../infra/support";
import { printResult, type Terminal } from "../terminal";
import { requireFitting, type IncidentOptions } from "./options";
import { performStep } from "./step";
import { listText, statusText } from "./text";
import { atIncidents, begin, end, find, note, type Where } from "./where";

export type { ActionName, IncidentOptions } from "./options";

/** Keeps the timeline of an incident, guides through it, and writes the skeleton of its post-mortem. */
export function incident(options: IncidentOptions, terminal: Terminal): Promise<number> {
  requireFitting(options);
  if (options.action === "step") return performStep(options, terminal);
  return atIncidents(options, terminal, async (where) => {
    if (options.action === "list") return list(where, terminal);
    const one = await changed(where, options);
    const { timeline } = await timelineOf(where, one);
    const progress = progressOf(numbered(one), new Date());
    const written = options.action === "close" || options.output !== undefined;
    const file = written ? await writePostMortem(one, timeline, options) : null;
    printResult(terminal, { incident: { ...one, timeline }, progress, postMortem: file }, () =>
      statusText(numbered(one), timeline, progress, options, file),
    );
    return 0;
  });
}

async function changed(where: Where, options: IncidentOptions): Promise<Incident | KeptIncident> {
  const { action, text = "" } = options;
  if (action === "start") return begin(where, options);
  const one = await find(where, options);
  if (action === "close") return end(where, one, text || "closed");
  if (action === "note") await note(where, one, { kind: "note", text });
  return find(where, one._id === null ? options : { ...options, id: one._id });
}

async function timelineOf(
  { ops }: Where,
  one: Incident | KeptIncident,
): Promise<{ timeline: TimelineEntry[] }> {
  return { timeline: ops ? await gatherTimeline(ops, numbered(one), new Date()) : one.timeline };
}

async function list({ ops, kept }: Where, terminal: Terminal): Promise<number> {
  const all = ops ? await listIncidents(ops) : await kept.read();
  printResult(terminal, { incidents: all }, () => listText(all, new Date()));
  return 0;
}

async function writePostMortem(
  one: Incident | KeptIncident,
  timeline: TimelineEntry[],
  { output, stack }: IncidentOptions,
): Promise<string> {
  const name = `${stack}-${one._id ?? one.startedAt.toISOString().slice(0, 10)}.md`;
  const file = resolve(output ?? join(localFolder("incidents"), name));
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, postMortem(numbered(one), timeline, new Date()), { mode: 0o600 });
  return file;
}

/** One that the database has not seen yet is shown as number 0. */
function numbered(one: Incident | KeptIncident): Incident {
  return { ...one, _id: one._id ?? 0 };
}
