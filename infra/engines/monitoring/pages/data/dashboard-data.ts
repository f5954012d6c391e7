import type { PagesOptions } from "../options";
import { readAlerts, type AlertsShown } from "./alerts";
import { readArchives, type ArchiveShown } from "./archives";
import { calendarOf, type BackupDay } from "./calendar";
import { readHistory, type PastRelease } from "./history";
import { readMigrations, type MigrationShown } from "./migrations";
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
import type { Dora, MachineShown, Point } from "./seams";
import { summaryOf, type Summary } from "./summary";

/** Everything that the dashboard shows; `data.json` is this. */
export interface DashboardData {
  version: 1;
  at: Date;
  environment: string;
  serving: ReleaseShown | null;
  machines: MachineShown[] | null;
  overrides: OverrideShown[];
  maintenance: MaintenanceShown | null;
  summary: Summary;
  dora: Dora | null;
  releases: ReleasePage;
  /** The newest of the journal for the chart, oldest first. */
  history: PastRelease[];
  alerts: AlertsShown;
  incidents: IncidentShown[];
  backups: { days: BackupDay[]; newest: ArchiveShown[] };
  migrations: MigrationShown[];
  series: { errorPercent: Point[]; p95Ms: Point[] };
}

const dayMs = 24 * 3600_000;
/** A point each quarter of an hour is as fine as a chart of a day can show. */
const stepMs = 15 * 60_000;
const charted = 60;

/** Reads the dashboard out of the collections; it writes nothing and holds no secret. */
export async function readDashboard(options: PagesOptions, before?: number): Promise<DashboardData> {
  const { ops, database, environment } = options;
  const now = new Date();
  const day = { since: new Date(now.getTime() - dayMs), until: now, step: stepMs };
  const series = options.series ?? (() => Promise.resolve([]));
  const [releases, serving, history, archives, alerts, migrations, maintenance, incidents, overrides, machines] =
    await Promise.all([
      readReleases(ops, before),
      readServing(ops),
      readHistory(ops),
      readArchives(ops),
      readAlerts(ops, now),
      readMigrations(database),
      readMaintenance(ops, now),
      readIncidents(ops, new Date(now.getTime() - 30 * dayMs)),
      readOverrides(ops, now),
      options.machines?.() ?? null,
    ]);
  const [errorPercent, p95Ms, dora] = await Promise.all([
    series({ name: "errorPercent", ...day }),
    series({ name: "p95Ms", ...day }),
    options.dora?.(now) ?? null,
  ]);
  return redactedThroughout({
    version: 1,
    at: now,
    environment,
    serving,
    machines,
    overrides,
    maintenance,
    summary: summaryOf(history, now),
    dora,
    releases,
    history: history.slice(-charted),
    alerts,
    incidents,
    backups: { days: calendarOf(archives, now), newest: archives.slice(0, 8) },
    migrations,
    series: { errorPercent, p95Ms },
  });
}
