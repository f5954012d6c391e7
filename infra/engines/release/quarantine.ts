import { userInfo } from "node:os";
import type { Collection, Db } from "mongodb";
import { z } from "zod";
import { QuarantinedImageError } from "./errors";
import type { Image } from "./release";

const quarantined = z.object({
  /** The digest of the image. */
  _id: z.string(),
  reason: z.string(),
  at: z.date(),
  /** The release that showed it to be bad. */
  release: z.int().positive(),
  by: z.string(),
});

/** An image that no release deploys until somebody lets it out. */
export type Quarantined = z.infer<typeof quarantined>;

function collection(ops: Db): Collection<Quarantined> {
  return ops.collection<Quarantined>("quarantine");
}

/** Keeps an image from being deployed again; the first reason stays. */
export async function quarantineImage(
  ops: Db,
  { digest, release, reason }: { digest: string; release: number; reason: string },
): Promise<void> {
  const entry = { reason, release, at: new Date(), by: userInfo().username };
  await collection(ops).updateOne({ _id: digest }, { $setOnInsert: entry }, { upsert: true });
}

/** Every image in quarantine, the newest first. */
export async function listQuarantine(ops: Db): Promise<Quarantined[]> {
  const all = await collection(ops).find({}).sort({ at: -1 }).toArray();
  return all.map((one) => quarantined.parse(one));
}

/** Lets an image out, by its digest or the beginning of it; null where none or more than one is meant. */
export async function releaseImage(ops: Db, named: string): Promise<Quarantined | null> {
  const wanted = named.startsWith("sha256:") ? named : `sha256:${named}`;
  const meant = (await listQuarantine(ops)).filter(({ _id }) => _id.startsWith(wanted));
  const [one] = meant;
  if (!one || meant.length > 1) return null;
  await collection(ops).deleteOne({ _id: one._id });
  return one;
}

/** Throws where an image is in quarantine, unless it is the one that runs: nothing would be made worse by it. */
export function refuseQuarantined(
  image: Image,
  { running, serving }: { running: Image | null; serving: Image | null },
  quarantine: readonly Quarantined[],
): void {
  if (image.digest === running?.digest) return;
  const found = quarantine.find(({ _id }) => _id === image.digest);
  if (found) throw new QuarantinedImageError(image, serving, found);
}
