import { doraFigures, type DoraFigures } from "../../dora";
import { releasesSince } from "../../journal";
import type { PagesOptions } from "../options";
import { readAlerts, type AlertsShown } from "./alerts";
import { readArchives, type ArchiveShown } from "./archives";
import { calendarOf, type BackupDay } from "./calendar";
import { readHistory, type PastRelease } from "./history";
import { readMachines, type MachineShown } from "./machines";
import { readMigrations, type MigrationShown } from "./migration-journal";
import {
  readIncidents,
  readMaintenance,
  readOverrides,
  type IncidentShown,
  type MaintenanceShown,
  type OverrideShown,
} from "./notices";
import { redactedThroughout } from "./redacted";
import { readReleases, readServing, type ReleasePage, type ReleaseShown } from "./releases";
import { readTraffic, type Traffic } from "./traffic";
import { summaryOf, type Summary } from "./summary";

/** Everything that the dashboard shows; `data.json` is this. */
export interface DashboardData {
  version: 1;
  at: Date;
  environment: string;
  serving: ReleaseShown | null;
  machines: MachineShown[];
  overrides: OverrideShown[];
  maintenance: MaintenanceShown | null;
  summary: Summary;
  dora: DoraFigures;
  releases: ReleasePage;
  /** The newest of the journal for the chart, oldest first. */
  history: PastRelease[];
  alerts: AlertsShown;
  incidents: IncidentShown[];
  backups: { days: BackupDay[]; newest: ArchiveShown[] };
  migrations: MigrationShown[];
  series: Traffic;
}

const dayMs = 24 * 3_600_000;
/** How far back figures and incidents go. */
const days = 30;
const charted = 60;

/** Reads the dashboard out of the collections, the timeline below a number where one is given; no secret comes out. */
export async function readDashboard(options: PagesOptions, before?: number): Promise<DashboardData> {
  const { ops, database, environment } = options;
  const now = new Date();
  const since = new Date(now.getTime() - days * dayMs);
  const known = options.machines?.() ?? [];
  const [history, archives, ...parts] = await Promise.all([
    // Twice as far back: a mean is told beside the one of the time before it.
    readHistory(ops, { since: new Date(now.getTime() - 2 * days * dayMs), atLeast: charted }),
    readArchives(ops),
    readServing(ops),
    readMachines(ops, { environment, known, now }),
    readOverrides(ops, now),
    readMaintenance(options, now),
    releasesSince(ops, { since }),
    readReleases(ops, before),
    readAlerts(ops, now),
    readIncidents(ops, since),
    readMigrations(database),
    readTraffic(ops, environment, now),
  ]);
  const [
    serving,
    machines,
    overrides,
    maintenance,
    journal,
    releases,
    alerts,
    incidents,
    migrations,
    series,
  ] = parts;
  const committedAt = options.committedAt ?? (() => undefined);
  return redactedThroughout({
    version: 1,
    at: now,
    environment,
    serving,
    machines,
    overrides,
    maintenance,
    summary: summaryOf(history, now, days),
    dora: doraFigures(journal, { since, until: now, committedAt }),
    releases,
    history: history.slice(-charted),
    alerts,
    incidents,
    backups: { days: calendarOf(archives, now), newest: archives.slice(0, 8) },
    migrations,
    series,
  });
}
