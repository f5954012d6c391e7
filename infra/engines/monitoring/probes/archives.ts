import type { Db } from "mongodb";
import { z } from "zod";
import type { Figure } from "../figure";
import type { Heartbeat } from "../heartbeats";
import type { Probe } from "./probe";

const hourMs = 3_600_000;

const verification = z.object({ kind: z.string(), ok: z.boolean(), at: z.coerce.date() });
const catalogEntry = z.object({
  _id: z.string(),
  environment: z.string(),
  takenAt: z.coerce.date(),
  bytes: z.number(),
  recordedAt: z.date().optional(),
  copies: z.array(z.object({ outcome: z.string().optional() })).optional(),
  /** What those found who looked at it later, the oldest first. */
  verifications: z.array(verification).optional(),
});

/** An archive as the catalog of `<database>_ops` knows it. */
export type CatalogEntry = z.infer<typeof catalogEntry>;

/** The archives of an environment in the catalog, newest first; those of a form that is not known here are left out. */
export async function catalogEntries(ops: Db, environment: string): Promise<CatalogEntry[]> {
  const found = await ops.collection("archives").find({}).toArray();
  return found
    .flatMap((one) => catalogEntry.safeParse(one).data ?? [])
    .filter((one) => one.environment === environment)
    .sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
}

/** Probes how old the newest archive is, and how long ago one was last read again to its end. */
export function archivesProbe(wish: {
  environment: string;
  ops: Db;
  heartbeats: () => Promise<Heartbeat[]>;
}): Probe {
  return {
    name: "archives",
    look: async (at) => {
      const [entries, beats] = await Promise.all([
        catalogEntries(wish.ops, wish.environment),
        wish.heartbeats(),
      ]);
      return archiveFigures(entries, beats, at);
    },
  };
}

/** Where there never was an archive, the time counts from when the monitoring began. */
export function archiveFigures(
  entries: readonly CatalogEntry[],
  beats: readonly Heartbeat[],
  at: Date,
): Figure[] {
  const whole = entries.filter(isWhole);
  const [newest] = whole;
  const began = beats.find(({ _id }) => _id === "monitoring-began")?.at ?? at;
  const proofs = beats.filter(({ _id }) => _id === "restore-test" || _id === "archive-verified");
  // An archive stands in the catalog only once it was read again as a whole.
  const verified = [...whole.map(verifiedAt), ...proofs.map((one) => one.at)];
  const about = { subject: "archives", at };
  return [
    {
      ...about,
      name: "backupAgeHours",
      value: hoursSince(newest?.takenAt ?? began, at),
      note: newest ? `the newest is ${newest._id}` : "there is none",
    },
    {
      ...about,
      name: "backupUnverifiedHours",
      value: hoursSince(verified.length === 0 ? began : verified.reduce(later), at),
    },
  ];
}

/** Whether nobody has found it wanting; one that is damaged is no way back. */
export function isWhole({ verifications = [] }: CatalogEntry): boolean {
  return verifications.at(-1)?.ok ?? true;
}

/** When it was last known to be whole. */
export function verifiedAt({ recordedAt, takenAt, verifications = [] }: CatalogEntry): Date {
  return verifications.findLast(({ ok }) => ok)?.at ?? recordedAt ?? takenAt;
}

/** When an archive was last put into a database and compared there, as far as the catalog tells. */
export function lastRestore(entries: readonly CatalogEntry[]): Date | undefined {
  const good = entries.flatMap(({ verifications = [] }) =>
    verifications.filter(({ kind, ok }) => kind === "restore" && ok).map(({ at }) => at),
  );
  return good.length === 0 ? undefined : good.reduce(later);
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

function hoursSince(then: Date, at: Date): number {
  return Math.max(0, (at.getTime() - then.getTime()) / hourMs);
}
