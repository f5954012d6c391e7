import { hostname, userInfo } from "node:os";
import type { DatabaseAddress } from "../../drivers/mongo";
import { openStore } from "../../drivers/store";
import type { StorePlace } from "./catalog";
import { loadManifest } from "./catalog";
import { ArchiveDamagedError, RestoreTestError } from "./errors";
import { pointLatest, repointLatest } from "./latest";
import type { ArchiveSummary } from "./manifest";
import { addVerification, type ArchiveVerification } from "./marks";
import { testRestore } from "./restore-test";
import { verifyArchive, type ReadOptions } from "./verify";

/** How an archive is proven: by reading it again, or by restoring it on a server and comparing. */
export type Proof = { kind: "checksum" } | { kind: "restore"; server: DatabaseAddress };

export interface Proven {
  archive: ArchiveSummary;
  verification: ArchiveVerification;
  /** What it gives back that is against the database's own rules, as a sentence for each collection; of a restore alone. */
  misfits: string[];
}

/** Proves an archive, writes down beside it what was found, and lets `latest` follow; throws when it is not whole. */
export async function proveArchive(
  place: StorePlace,
  id: string,
  proof: Proof,
  options: ReadOptions = {},
): Promise<Proven> {
  const store = openStore(place, options.signal);
  const { database } = await loadManifest(store, id);
  const started = Date.now();
  const found = (problem: string | null): ArchiveVerification => ({
    kind: proof.kind,
    at: new Date().toISOString(),
    by: self(),
    ok: problem === null,
    problem,
    durationMs: Date.now() - started,
  });
  try {
    const { archive, misfits } =
      proof.kind === "checksum"
        ? { archive: await verifyArchive(store, id, options), misfits: [] }
        : await testRestore(store, id, proof.server, options);
    const verification = found(null);
    await addVerification(store, { database, id }, verification);
    await pointLatest(store, archive);
    return { archive, verification, misfits };
  } catch (error) {
    if (error instanceof ArchiveDamagedError || error instanceof RestoreTestError) {
      await addVerification(store, { database, id }, found(error.what));
      await repointLatest(store, database);
    }
    throw error;
  }
}

/** Whoever works here, as holds and verifications name them. */
export function self(): string {
  return `${userInfo().username}@${hostname()}`;
}
