import { z } from "zod";
import { archiveName } from "./names";

const collection = z.object({
  name: z.string(),
  type: z.enum(["collection", "view", "timeseries"]),
  /** 32 hexadecimal digits; a view has none. */
  uuid: z.string(),
  documents: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** Of all document bytes, in the order in which they stand in the archive. */
  crc64: z.string(),
});

/** What is known of an archive, beside it; without one there is no archive. Later forms are refused by their version. */
export const manifestSchema = z.object({
  documentVersion: z.literal(1),
  id: z.string(),
  environment: z.string(),
  database: z.string(),
  release: z.int().nullable(),
  takenAt: z.iso.datetime(),
  /** snapshot: every collection as it was at one moment; best-effort: some were read at another one. */
  consistency: z.enum(["snapshot", "best-effort"]),
  /** That moment; null where the server has no snapshots. */
  clusterTime: z.object({ t: z.int(), i: z.int() }).nullable(),
  serverVersion: z.string(),
  compression: z.literal("gzip"),
  bytes: z.int().nonnegative(),
  sha256: z.string(),
  documents: z.int().nonnegative(),
  collections: z.array(collection),
  /** When it was read again and found whole, before this manifest was written. */
  verifiedAt: z.iso.datetime(),
  durationMs: z.int().nonnegative(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** What the rest of the system needs to know of an archive. */
export interface ArchiveSummary {
  id: string;
  location: string;
  environment: string;
  database: string;
  release: number | null;
  sha256: string;
  bytes: number;
  documents: number;
  collections: number;
  takenAt: string;
  consistency: "snapshot" | "best-effort";
  verified: boolean;
}

export function summaryOf(manifest: Manifest, location: string): ArchiveSummary {
  const { id, environment, database, release, sha256, bytes, documents, takenAt, consistency } = manifest;
  return {
    id,
    location: `${location}/${archiveName(manifest)}`,
    environment,
    database,
    release,
    sha256,
    bytes,
    documents,
    collections: manifest.collections.length,
    takenAt,
    consistency,
    verified: true,
  };
}
