import { z } from "zod";

const baseVariable = "DND_BASE_ARCHIVE";

const baseSchema = z.object({
  documentVersion: z.literal(1),
  key: z.uuid(),
  archive: z.string(),
  store: z.string(),
});

/** The archive that a new stack begins with: its first release restores it before it migrates and deploys. */
export type BaseArchive = z.infer<typeof baseSchema>;

/** A base as the environment of a program carries it. */
export function baseEnvironment(base: BaseArchive): Record<string, string> {
  return { [baseVariable]: JSON.stringify(base) };
}

/** What the environment says that a new stack begins with; null where it begins empty. */
export function readBase(environment: NodeJS.ProcessEnv): BaseArchive | null {
  const text = environment[baseVariable];
  return text ? baseSchema.parse(JSON.parse(text)) : null;
}

/** What of a base is for the restore: there is nothing to be lost, and nobody to be held back. */
export function restoreOfBase(base: BaseArchive | null) {
  if (!base) return null;
  const { key, archive, store } = base;
  return { key, archive, store, acceptedLoss: "unknown" as const, base: true };
}
