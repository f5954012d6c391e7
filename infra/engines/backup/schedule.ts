const dayMs = 24 * 3_600_000;

/** When backups are made by themselves: at this time of every day, as UTC. */
export interface DailySchedule {
  hour: number;
  minute: number;
}

export interface ScheduleView {
  /** The next time to come. */
  next: Date;
  /** The time that passed without a backup, which is to be made up for at once; null when all is well. */
  missed: Date | null;
}

/** "03:00" as a schedule; undefined when it is none. */
export function parseSchedule(text: string): DailySchedule | undefined {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hour === undefined || minute === undefined
    ? undefined
    : { hour: Number(hour), minute: Number(minute) };
}

/** Says when a backup is due next and whether the last time passed without one. */
export function viewSchedule(
  { hour, minute }: DailySchedule,
  { newest, since, now }: { newest: Date | null; since: Date; now: Date },
): ScheduleView {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), hour, minute);
  const last = today <= now.getTime() ? today : today - dayMs;
  // Before the stack was there nobody could have made one.
  const was = last >= since.getTime();
  const made = newest !== null && newest.getTime() >= last;
  return { next: new Date(last + dayMs), missed: was && !made ? new Date(last) : null };
}
