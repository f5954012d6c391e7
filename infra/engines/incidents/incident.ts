import { z } from "zod";

/** What goes wrong often enough to have a guided path. */
export const incidentKinds = ["deployment", "database", "corruption", "migration", "other"] as const;
export type IncidentKind = (typeof incidentKinds)[number];

const entry = z.object({
  at: z.date(),
  by: z.string(),
  /** started, note, step, release, alert, command, closed. */
  kind: z.string(),
  text: z.string(),
  /** What it is about elsewhere: a release's number, an alert's or a command's id. */
  ref: z.string().optional(),
});

const incident = z.object({
  _id: z.int().positive(),
  version: z.literal(1),
  /** The same wherever it was written down first; its number is only given by the database. */
  key: z.string(),
  kind: z.enum(incidentKinds),
  title: z.string(),
  startedAt: z.date(),
  closedAt: z.date().nullable(),
  by: z.string(),
  timeline: z.array(entry),
});

/** One line of a timeline. */
export type TimelineEntry = z.infer<typeof entry>;

/** Something that went wrong, with what was done about it. */
export type Incident = z.infer<typeof incident>;

export function parseIncident(document: unknown): Incident {
  return incident.parse(document);
}

/** As a file holds it: dates are texts there, and one that the database has not seen has no number. */
export const keptIncident = z.object({
  ...incident.shape,
  _id: z.int().positive().nullable(),
  startedAt: z.coerce.date(),
  closedAt: z.coerce.date().nullable(),
  timeline: z.array(entry.extend({ at: z.coerce.date() })),
});
export type KeptIncident = z.infer<typeof keptIncident>;
