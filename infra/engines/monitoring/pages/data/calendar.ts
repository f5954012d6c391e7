import type { ArchiveShown } from "./archives";

/** A day of the backup calendar, in universal time. */
export interface BackupDay {
  /** e.g. 2026-03-01 */
  day: string;
  count: number;
  bytes: number;
  /** The worst of its archives; none where there is no archive. */
  proof: "none" | "damaged" | "whole" | "restored";
  failedCopies: number;
}

const dayMs = 24 * 3600_000;
const weeks = 5;

/** Five whole weeks, Monday first, the last one holding today; the days to come are left out. */
export function calendarOf(archives: readonly ArchiveShown[], now: Date): BackupDay[] {
  const today = Date.parse(`${dayOf(now)}T00:00:00Z`);
  const sinceMonday = (new Date(today).getUTCDay() + 6) % 7;
  const first = today - (sinceMonday + (weeks - 1) * 7) * dayMs;
  const taken = new Map<string, ArchiveShown[]>();
  for (const archive of archives) {
    const day = dayOf(archive.takenAt);
    taken.set(day, [...(taken.get(day) ?? []), archive]);
  }
  const days: BackupDay[] = [];
  for (let at = first; at <= today; at += dayMs) {
    const day = dayOf(new Date(at));
    days.push(dayWith(day, taken.get(day) ?? []));
  }
  return days;
}

function dayWith(day: string, archives: readonly ArchiveShown[]): BackupDay {
  const proofs = archives.map(({ proof }) => proof);
  return {
    day,
    count: archives.length,
    bytes: archives.reduce((sum, { bytes }) => sum + bytes, 0),
    proof: (["damaged", "restored", "whole"] as const).find((one) => proofs.includes(one)) ?? "none",
    failedCopies: archives.reduce((sum, { copies }) => sum + copies.failed, 0),
  };
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
