import { z } from "zod";
import { ArchiveDamagedError, ArchiveNewerError } from "./errors";
import { manifestSchema, type Manifest } from "./manifest";

/** What a manifest says; one of a later form is told apart from one that is damaged. */
export function parseManifest(id: string, text: string): Manifest {
  const raw = parseJson(id, text);
  const version = z.object({ documentVersion: z.int().min(2) }).safeParse(raw);
  if (version.success)
    throw new ArchiveNewerError(id, `a manifest of version ${version.data.documentVersion}`, "version 1");
  const manifest = manifestSchema.safeParse(raw);
  if (!manifest.success) throw manifestUnusable(id, z.prettifyError(manifest.error));
  return manifest.data;
}

export function manifestUnusable(id: string, why: string): ArchiveDamagedError {
  return new ArchiveDamagedError(id, `its manifest cannot be used: ${why}`);
}

function parseJson(id: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw manifestUnusable(id, (error as Error).message);
  }
}
