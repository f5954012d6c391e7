import type { Figure, FigureName } from "../figure";
import type { SeriesName } from "./series";
import type { Sample } from "./text";

interface Shape {
  series: SeriesName;
  /** From the figure's unit to the base unit of the series. */
  value: (value: number) => number;
  /** The label that tells what it is about; one series where there is only one such thing. */
  label?: string;
}

const as = (series: SeriesName, times = 1, label?: string): Shape => ({
  series,
  value: (value) => value * times,
  ...(label === undefined ? {} : { label }),
});
const well = (series: SeriesName, label?: string): Shape => ({
  series,
  value: (value) => (value > 0 ? 0 : 1),
  ...(label === undefined ? {} : { label }),
});

const shapes: Partial<Record<FigureName, Shape>> = {
  databaseDown: well("dnd_database_up"),
  databasePingMs: as("dnd_database_ping_seconds", 0.001),
  databaseQueryMs: as("dnd_database_query_seconds", 0.001),
  databaseConnections: as("dnd_database_connections"),
  connectionsPercent: as("dnd_database_connections_ratio", 0.01),
  replicationLagSeconds: as("dnd_database_replication_lag_seconds"),
  successPercent: as("dnd_release_success_ratio", 0.01),
  deploymentSeconds: as("dnd_release_last_duration_seconds"),
  backupUnverifiedHours: as("dnd_backup_verified_age_seconds", 3600),
  restoreTestAgeDays: as("dnd_restore_test_age_seconds", 86_400),
  retentionAgeHours: as("dnd_retention_age_seconds", 3600),
  drillAgeDays: as("dnd_drill_age_seconds", 86_400),
  heartbeatAgeSeconds: as("dnd_heartbeat_age_seconds", 1, "name"),
  migrationsApplied: as("dnd_migrations_applied"),
  migrationsPending: as("dnd_migrations_pending"),
  migrationStuckMinutes: as("dnd_migration_stuck_seconds", 60),
  downtimeMinutes: as("dnd_downtime_seconds", 60),
  certificateDays: as("dnd_certificate_expiry_seconds", 86_400, "host"),
  diskPercent: as("dnd_disk_used_ratio", 0.01, "disk"),
  errorPercent: as("dnd_http_error_ratio", 0.01),
  p95Ms: as("dnd_http_request_p95_seconds", 0.001),
  meanResponseMs: as("dnd_http_request_mean_seconds", 0.001),
  activeSessions: as("dnd_active_sessions"),
  sessionsPercent: as("dnd_sessions_usual_ratio", 0.01),
  poolPercent: as("dnd_pool_used_ratio", 0.01),
  memoryPercent: as("dnd_memory_used_ratio", 0.01),
  failedJobs: as("dnd_failed_jobs"),
};

/** The figures of a round as samples; the verdicts on machines and services by their names. */
export function samplesOfFigures(
  figures: readonly Figure[],
  regions: ReadonlyMap<string, string | null> = new Map(),
): Sample[] {
  return figures.flatMap((figure): Sample[] => {
    const { name, subject, value } = figure;
    const good = value > 0 ? 0 : 1;
    if (name === "unhealthyMachines") {
      const machine = subject.replace(/^machine /, "");
      const labels = { machine, region: regions.get(machine) ?? "" };
      return [{ series: "dnd_machine_healthy", labels, value: good }];
    }
    if (name === "serviceDown") {
      return subject === "app"
        ? [{ series: "dnd_app_up", value: good }]
        : [{ series: "dnd_service_up", labels: { service: subject }, value: good }];
    }
    const shape = shapes[name];
    if (!shape) return [];
    const labels = shape.label === undefined ? {} : { labels: { [shape.label]: subject } };
    return [{ series: shape.series, ...labels, value: shape.value(value) }];
  });
}
