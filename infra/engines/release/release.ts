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
});

export type Release = z.infer<typeof releaseSchema>;
