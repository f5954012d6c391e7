import { z } from "zod";

/** A secret as others may see it. */
export const secretSchema = z.looseObject({
  name: z.string(),
  digest: z.string(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
});

export const secretListSchema = z.looseObject({ secrets: z.array(secretSchema).nullable() });

export const secretsWrittenSchema = z
  .looseObject({
    secrets: z.array(secretSchema).nullish(),
    version: z.int().optional(),
    Version: z.int().optional(),
  })
  .transform((answer) => ({ version: answer.version ?? answer.Version ?? 0, secrets: answer.secrets ?? [] }));

export type FlySecret = z.infer<typeof secretSchema>;
/** The version that machines must have to see what was written. */
export type SecretsWritten = z.infer<typeof secretsWrittenSchema>;
