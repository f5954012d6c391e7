import { z } from "zod";

const image = z.object({ name: z.string(), version: z.string(), digest: z.string() });

/** One image of the app, told apart by its digest alone. */
export type Image = z.infer<typeof image>;

const step = z.object({
  name: z.string(),
  outcome: z.enum(["done", "failed"]),
  at: z.date(),
  durationMs: z.number(),
});

const schemaRange = z.object({ min: z.string().nullable(), max: z.string().nullable() });

/** One release as the operations' database keeps it; documents of a newer form are refused by their version. */
export const releaseSchema = z.object({
  _id: z.int().positive(),
  documentVersion: z.literal(1),
  state: z.enum(["running", "done", "failed"]),
  environment: z.string(),
  image,
  schema: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
  archive: z.object({ id: z.string(), bytes: z.number() }).nullable(),
  why: z.array(z.string()),
  startedAt: z.date(),
  finishedAt: z.date().nullable(),
  by: z.string(),
  host: z.string(),
  commit: z.string().nullable(),
  steps: z.array(step),
  error: z.string().nullable(),
  /** Forward where it is not said: a journal begun earlier knows no other kind. */
  kind: z.enum(["forward", "rollback", "data"]).optional(),
  /** Of a rollback, the release that it takes back. */
  rollbackOf: z.int().positive().optional(),
  /** Of a rollback, the release whose state it brings back. */
  target: z.int().positive().optional(),
  /** Where a rollback of this release would go, as it was known when it began. */
  rollsBackTo: z.int().positive().optional(),
  /** The process that made it, so that one which was killed can be told from one at work. */
  runner: z.object({ pid: z.number(), started: z.string() }).optional(),
  /** When the run that makes it was last heard of, by the server's clock. */
  heartbeatAt: z.date().optional(),
  /** What ran it: "embedded", or Pulumi with its version. */
  engine: z.string().optional(),
  /** Of the settings, secrets left out: two releases with the same one were made with the same wishes. */
  settingsHash: z.string().optional(),
  /** The versions of a schema that its code lives with; null where one end is open. */
  livesWith: schemaRange.optional(),
  /** The gates that somebody opened by hand for it, each with their reason. */
  overridden: z.array(z.object({ gate: z.string(), reason: z.string() })).optional(),
  /** Why somebody made it, in their words. */
  reason: z.string().optional(),
});

export type Release = z.infer<typeof releaseSchema>;
