import type { Manifest } from "../../../../infra/engines/backup/manifest";

/** A manifest such as any archive has, but for what a test says of it. */
export function manifestOf(told: Partial<Manifest> & Pick<Manifest, "id">): Manifest {
  const at = told.takenAt ?? "2026-11-21T03:00:00.000Z";
  return {
    documentVersion: 1,
    environment: "production",
    database: "tracker",
    release: null,
    takenAt: at,
    consistency: "snapshot",
    consistentAt: null,
    window: null,
    serverVersion: "6.0.5",
    featureCompatibilityVersion: null,
    toolVersion: "1.0.0",
    compression: "gzip",
    preset: "default",
    encryption: null,
    bytes: 3,
    sha256: "00",
    documents: 0,
    collections: [],
    usersAndRoles: false,
    atlasSnapshot: null,
    verifiedAt: at,
    durationMs: 1,
    ...told,
  };
}
