import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { LocalPlaces } from "./places";

const checkpoint = z.looseObject({
  checkpoint: z.looseObject({
    latest: z
      .looseObject({
        secrets_providers: z.looseObject({ state: z.looseObject({ salt: z.string() }).nullish() }).nullish(),
        resources: z.array(z.looseObject({ urn: z.string() })).nullish(),
      })
      .nullish(),
  }),
});

/** What the command line has to know of the state of the local stack without opening it. */
export interface CheckpointGlance {
  exists: boolean;
  /** False where a file is there that is no checkpoint. */
  readable: boolean;
  /** The salt its secrets were encrypted with, once it has any state. */
  salt: string | undefined;
  resources: number;
}

/** Looks at the state without a passphrase and without taking its lock. */
export async function glanceAtCheckpoint(places: LocalPlaces): Promise<CheckpointGlance> {
  const text = await readFile(places.checkpoint, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return { exists: false, readable: true, salt: undefined, resources: 0 };
  const latest = read(text);
  if (latest === undefined) return { exists: true, readable: false, salt: undefined, resources: 0 };
  return {
    exists: true,
    readable: true,
    salt: latest.checkpoint.latest?.secrets_providers?.state?.salt,
    resources: latest.checkpoint.latest?.resources?.length ?? 0,
  };
}

function read(text: string): z.infer<typeof checkpoint> | undefined {
  try {
    return checkpoint.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
