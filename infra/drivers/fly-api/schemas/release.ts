import { z } from "zod";

/** An entry of Fly's own list of an app's releases. */
export const begunReleaseSchema = z
  .looseObject({ release: z.looseObject({ id: z.string(), version: z.int() }) })
  .transform(({ release }) => release);

export type FlyRelease = z.infer<typeof begunReleaseSchema>;

export interface ReleaseCreation {
  image: string;
  strategy: string;
  /** The app's settings in the words of a fly.toml. */
  definition: object;
}
