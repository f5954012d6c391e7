import { z } from "zod";
import type { ArchiveStore } from "../../drivers/store";
import { archiveName } from "./names";

const moment = z.object({ t: z.int(), i: z.int() });

const collection = z.object({
  name: z.string(),
  type: z.enum(["collection", "view", "timeseries"]),
  /** 32 hexadecimal digits; a view has none. */
  uuid: z.string(),
  /** A capped one has no past that could be read: it is as it was when it was read, last of all. */
  capped: z.boolean().optional(),
  documents: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** Of all document bytes, in the order in which they stand in the archive. */
  crc64: z.string(),
  /** Of the set of documents, in whatever order: a restored copy has the same. */
  digest: z.string().regex(/^[0-9a-f]{32}$/),
});

const encryption = z.object({
  format: z.literal("age"),
  /** Public keys; whoever has the other half of one can read the archive. */
  recipients: z.array(z.string()),
  passphrase: z.boolean(),
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
  /** That moment, in the cluster's own time; null where the server keeps no snapshots. */
  consistentAt: moment.nullable(),
  /** Of a best-effort archive: nothing in it is older than the first or newer than the last; null where nobody knows. */
  window: z.object({ first: moment, last: moment }).nullable(),
  serverVersion: z.string(),
  /** Null where the user for backups may not ask. */
  featureCompatibilityVersion: z.string().nullable(),
  toolVersion: z.string(),
  compression: z.enum(["none", "gzip", "zstd"]),
  preset: z.enum(["none", "default", "small", "fast"]),
  encryption: encryption.nullable(),
  /** Of the stored file, as is the SHA-256. */
  bytes: z.int().nonnegative(),
  sha256: z.string(),
  documents: z.int().nonnegative(),
  collections: z.array(collection),
  /** Whether the users and roles of this database are in it. */
  usersAndRoles: z.boolean(),
  /** The provider's own snapshot that was begun with it. */
  atlasSnapshot: z.string().nullable(),
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

export function summaryOf(manifest: Manifest, store: ArchiveStore): ArchiveSummary {
  const { id, environment, database, release, sha256, bytes, documents, takenAt, consistency } = manifest;
  return {
    id,
    location: store.addressOf(archiveName(manifest)),
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
