import type { DatabaseAddress } from "../../infra/drivers/mongo";
import { describeArchive, resolveReference } from "../../infra/engines/backup";
import { waysBack } from "../../infra/engines/migration";
import {
  listQuarantine,
  listReleases,
  writesSince,
  type KnownArchive,
  type Release,
  type RollbackFacts,
} from "../../infra/engines/release";
import { join } from "node:path";
import { projectRoot } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { knownArchives } from "./known-archives";
import { withOperations } from "./operations";
import type { RollbackOptions } from "./options";
import { pastReleases } from "./past-releases";

/** How far back one can go. */
const remembered = 200;

/** The world as a rollback is planned from it; the journal counts, and where it has nothing the stack's own history. */
export async function gatherFacts(
  options: RollbackOptions,
  settings: Settings,
  say: (line: string) => void,
): Promise<{ facts: RollbackFacts; address: DatabaseAddress }> {
  const { address, journal, quarantine } = await withOperations(options, async ({ ops, address }) => ({
    address,
    journal: await listReleases(ops, remembered),
    quarantine: await listQuarantine(ops),
  }));
  const releases = await pastReleases(options, { journal, asked: remembered }, say);
  const folder = join(projectRoot, settings.migrations.folder);
  const { schema } = settings.migrations;
  const [applied, archives, imagesGone] = await Promise.all([
    waysBack({ address, folder, schema }),
    // The image alone goes back without any archive, and without waiting for a store.
    options.action === "app" ? [] : knownArchives(settings, say),
    goneOf(releases, settings),
  ]);
  const digests = new Set(quarantine.map(({ _id }) => _id));
  return {
    address,
    facts: { releases, applied, archives, imagesGone, quarantine: digests, writesSince: {} },
  };
}

/** The archive that was named by a path or an address is one of those that there are, wherever it lies. */
export async function withNamedArchive(
  facts: RollbackFacts,
  reference: string | undefined,
  { backup, database, environment }: Settings,
): Promise<{ facts: RollbackFacts; backup: string | undefined }> {
  if (!reference?.includes("/")) return { facts, backup: reference };
  const asked = { reference, store: backup.store, database: database.name, environment };
  const { store, id } = await resolveReference(asked);
  const place = typeof store === "string" ? store : store.location;
  const { manifest, verifications } = await describeArchive(place, id);
  const { release, takenAt, bytes } = manifest;
  const named = { id, store: place, release, takenAt, bytes, damaged: verifications.at(-1)?.ok === false };
  const others = facts.archives.filter((one) => one.id !== id);
  return { facts: { ...facts, archives: [named, ...others] }, backup: id };
}

/** The facts with the writes since an archive counted; what cannot be counted stays unknown. */
export async function withLoss(
  facts: RollbackFacts,
  address: DatabaseAddress,
  { id, store }: KnownArchive,
): Promise<RollbackFacts> {
  const { manifest } = await describeArchive(store, id);
  const writes = await writesSince(address, manifest.consistentAt);
  return writes === undefined ? facts : { ...facts, writesSince: { ...facts.writesSince, [id]: writes } };
}

/** Digests of earlier releases that nothing can be started from any more. */
async function goneOf(releases: Release[], { database }: Settings): Promise<Set<string>> {
  const images = new Map(releases.map(({ image }) => [image.digest, image]));
  const isHere =
    database.kind === "embedded"
      ? (require("../../infra/engines/machines") as typeof import("../../infra/engines/machines")).isImageHere
      : (require("./registry") as typeof import("./registry")).isImageKept;
  const looked = await Promise.all(
    [...images.values()].map(async (image) => ({ digest: image.digest, here: await isHere(image) })),
  );
  return new Set(looked.filter(({ here }) => !here).map(({ digest }) => digest));
}
