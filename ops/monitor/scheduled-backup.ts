import type { Db } from "mongodb";
import { parseSchedule, viewSchedule } from "../../infra/engines/backup";
import { beat, catalogEntries, heartbeats, type Standing } from "../../infra/engines/monitoring";
import { messageOf } from "../../infra/support";
import { backupSchedule } from "../../stacks/settings";
import type { Site } from "./site";

/** After one the next waits this long, however it went. */
const tryAgainMs = 10 * 60_000;

export interface BackupWork {
  create: () => Promise<number>;
  prune: () => Promise<number>;
}

/** The backup that the leading monitor makes at its time, and the retention after it. */
export class ScheduledBackup {
  private running: Promise<void> | undefined;
  private notBefore = 0;

  constructor(
    private readonly site: Pick<Site, "settings" | "environment">,
    private readonly ops: Db,
    private readonly work: BackupWork,
    private readonly say: (line: string) => void,
  ) {}

  /** Begins one where its time has come, or went by without one; never two at once, and only under a lease that is sure. */
  async beginWhenDue({ certain }: Standing, now: Date): Promise<boolean> {
    if (!certain || this.running || now.getTime() < this.notBefore || !(await this.isDue(now))) return false;
    this.running = this.make().finally(() => (this.running = undefined));
    return true;
  }

  /** Waits for the one that is being made. */
  async finished(): Promise<void> {
    await this.running;
  }

  private async isDue(now: Date): Promise<boolean> {
    const { settings, environment } = this.site;
    const schedule = settings && parseSchedule(backupSchedule(settings) ?? "");
    if (!schedule) return false;
    const [[newest], beats] = await Promise.all([
      catalogEntries(this.ops, environment),
      heartbeats(this.ops),
    ]);
    const since = beats.find(({ _id }) => _id === "monitoring-began")?.at ?? now;
    return viewSchedule(schedule, { newest: newest?.takenAt ?? null, since, now }).missed !== null;
  }

  private async make(): Promise<void> {
    this.say("the scheduled backup begins");
    // After a good one too: where the catalog was not written it would seem missed again.
    this.notBefore = Date.now() + tryAgainMs;
    try {
      if ((await this.work.create()) !== 0) throw new Error("it ended with a failure");
      await beat(this.ops, "scheduled-backup");
      // Retention gives its own sign of life.
      if (this.site.settings?.monitoring.retention && (await this.work.prune()) !== 0)
        throw new Error("it is made, but retention failed");
      this.say("the scheduled backup is made");
    } catch (error) {
      this.say(`! the scheduled backup failed: ${messageOf(error)}`);
    }
  }
}
