import { z } from "zod";

const line = z.looseObject({
  message: z.string(),
  timestamp: z.string().nullish(),
  level: z.string().nullish(),
  instance: z.string().nullish(),
  region: z.string().nullish(),
});

/** A line of a machine of an app, as Fly keeps it. */
export interface FlyLogLine {
  message: string;
  at: Date | null;
  /** What Fly takes it for, by the stream that it came out of. */
  level: string | null;
  machine: string | null;
  region: string | null;
}

/** Lines of the machines of an app, oldest first; the token asks for those that come after them. */
export const logPageSchema = z.looseObject({
  data: z
    .array(z.looseObject({ attributes: line }))
    .nullish()
    .transform((lines) => (lines ?? []).map(({ attributes }) => lineOf(attributes))),
  meta: z.looseObject({ next_token: z.string().nullish() }).nullish(),
});

function lineOf({ message, timestamp, level, instance, region }: z.infer<typeof line>): FlyLogLine {
  const at = timestamp ? new Date(timestamp) : null;
  return {
    message,
    at: at && !Number.isNaN(at.getTime()) ? at : null,
    level: level ?? null,
    machine: instance ?? null,
    region: region ?? null,
  };
}
