import { z } from "zod";

const finding = z.object({
  subject: z.string(),
  state: z.enum(["ok", "note", "act", "unasked"]),
  found: z.string(),
  todo: z.string().nullable(),
});

const step = z.object({
  name: z.string(),
  title: z.string(),
  at: z.string(),
  durationMs: z.number(),
  findings: z.array(finding),
});

/** What a round has found, step after step; while `endedAt` is null it is still being made. */
export const reportSchema = z.object({
  version: z.literal(1),
  round: z.string(),
  stack: z.string(),
  environment: z.string(),
  /** The day, as UTC: of one day there is one report. */
  day: z.string(),
  by: z.string(),
  host: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  steps: z.array(step),
});

export type RoundReport = z.infer<typeof reportSchema>;
export type RoundStepReport = z.infer<typeof step>;

/** What people have to do, in the order of the steps. */
export function todosOf({ steps }: RoundReport): { subject: string; found: string; todo: string }[] {
  return steps.flatMap(({ findings }) =>
    findings.flatMap(({ state, subject, found, todo }) =>
      state === "act" ? [{ subject, found, todo: todo ?? "Look at it." }] : [],
    ),
  );
}

/** Whether a person has to do something. */
export function needsPerson(report: RoundReport): boolean {
  return todosOf(report).length > 0;
}
