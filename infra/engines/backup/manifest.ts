import { z } from "zod";

const collection = z.object({
  name: z.string(),
  type: z.enum(["collection", "view", "timeseries"]),
  documents: z.int(),
  bytes: z.int(),
  crc64: z.string(),
});

/** What is known of an archive, beside it; without one there is no archive. Later forms are refused by their version. */
export const manifestSchema = z.object({
  documentVersion: z.literal(1),
  id: z.string(),
  environment: z.string(),
  database: z.string(),
  release: z.int().nullable(),
  takenAt: z.string(),
  /** snapshot: every collection as it was at one moment; best-effort: read one after the other. */
  consistency: z.enum(["snapshot", "best-effort"]),
  clusterTime: z.string().nullable(),
  serverVersion: z.string(),
  compression: z.literal("gzip"),
  bytes: z.int(),
  sha256: z.string(),
  documents: z.int(),
  collections: z.array(collection),
  durationMs: z.int(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** What the rest of the system needs to know of an archive. */
export interface ArchiveSummary {
  id: string;
  location: string;
  sha256: string;
  bytes: number;
  documents: number;
  collections: number;
  takenAt: string;
  verified: boolean;
}

export function summaryOf(manifest: Manifest, location: string, verified: boolean): ArchiveSummary {
  const { id, sha256, bytes, documents, takenAt, collections } = manifest;
  return {
    id,
    location: `${location}/${archiveName(manifest)}`,
    sha256,
    bytes,
    documents,
    collections: collections.length,
    takenAt,
    verified,
  };
}

export function archiveName({ database, id }: Pick<Manifest, "database" | "id">): string {
  return `${database}/${id}.archive.gz`;
}

export function manifestName({ database, id }: Pick<Manifest, "database" | "id">): string {
  return `${database}/${id}.json`;
}
