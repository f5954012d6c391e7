import { z } from "zod";
import type { ArchiveStore } from "../../drivers/store";
import type { Named } from "./names";

const verificationSchema = z.object({
  /** checksum: every byte was read again; restore: it was put into a database and compared there. */
  kind: z.enum(["checksum", "restore"]),
  at: z.iso.datetime(),
  by: z.string(),
  ok: z.boolean(),
  /** What was wrong; null when nothing was. */
  problem: z.string().nullable(),
  durationMs: z.int().nonnegative(),
});

const holdSchema = z.object({ since: z.iso.datetime(), by: z.string(), reason: z.string() });

/** One look at an archive, and what it found. */
export type ArchiveVerification = z.infer<typeof verificationSchema>;

/** Keeps retention from an archive until somebody takes it away. */
export type ArchiveHold = z.infer<typeof holdSchema>;

const verifiedFile = z.object({
  documentVersion: z.literal(1),
  verifications: z.array(verificationSchema),
});
const holdFile = holdSchema.extend({ documentVersion: z.literal(1) });

/** As many as tell of a year of weekly drills; older ones make room. */
const keptVerifications = 60;

const verifiedName = ({ database, id }: Named) => `${database}/${id}.verified.json`;
const holdName = ({ database, id }: Named) => `${database}/${id}.hold.json`;

/** What stands beside an archive and may change, unlike the archive itself. */
export const markNames = (named: Named) => [verifiedName(named), holdName(named)];

/** What was found by those who looked at an archive later than its maker, the oldest first. */
export async function verificationsOf(store: ArchiveStore, named: Named): Promise<ArchiveVerification[]> {
  const text = await store.get(verifiedName(named));
  return text === undefined ? [] : (parsed(verifiedFile, text)?.verifications ?? []);
}

/** Adds to what is known of an archive. */
export async function addVerification(
  store: ArchiveStore,
  named: Named,
  verification: ArchiveVerification,
): Promise<void> {
  const earlier = await verificationsOf(store, named);
  const verifications = [...earlier, verification].slice(-keptVerifications);
  await put(store, verifiedName(named), { documentVersion: 1, verifications });
}

/** Who holds an archive, and why; a hold that cannot be read holds as well. */
export async function holdOf(store: ArchiveStore, named: Named): Promise<ArchiveHold | undefined> {
  const text = await store.get(holdName(named));
  if (text === undefined) return undefined;
  const { since, by, reason } = parsed(holdFile, text) ?? unreadableHold;
  return { since, by, reason };
}

const unreadableHold = { since: new Date(0).toISOString(), by: "unknown", reason: "its note cannot be read" };

/** Keeps an archive whatever retention says; a second hold takes the place of the first. */
export function putHold(store: ArchiveStore, named: Named, hold: ArchiveHold): Promise<void> {
  return put(store, holdName(named), { documentVersion: 1, ...hold });
}

/** Leaves an archive to retention again. */
export function dropHold(store: ArchiveStore, named: Named): Promise<void> {
  return store.delete(holdName(named));
}

function put(store: ArchiveStore, name: string, content: object): Promise<void> {
  return store.put(name, `${JSON.stringify(content, null, 1)}\n`);
}

/** What somebody spoilt says nothing: it is only a note, and the archive is what counts. */
function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
