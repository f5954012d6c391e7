/** How Prometheus reads a series. */
export interface SeriesKind {
  type: "gauge" | "counter" | "histogram";
  help: string;
}

/** Every series that `/metrics` has, in base units: rules and dashboards may name no other. */
export const series = {
  dnd_monitor_leads: gauge("Whether this monitor is the one that acts."),
  dnd_monitor_rounds_total: counter("Rounds of probes that this monitor has made."),
  dnd_monitor_last_round_timestamp_seconds: gauge("When the last round of probes ended."),
  dnd_probe_duration_seconds: gauge("How long the last look of a probe took."),
  dnd_probe_success: gauge("Whether the last look of a probe found something."),
  dnd_database_up: gauge("Whether the database answers."),
  dnd_database_ping_seconds: gauge("How long the database took to answer a ping."),
  dnd_database_query_seconds: gauge("How long the database took to answer a small query."),
  dnd_database_connections: gauge("Connections that the database has open."),
  dnd_database_connections_ratio: gauge("Share of all connections of the database that are open."),
  dnd_database_replication_lag_seconds: gauge("How far the slowest secondary is behind."),
  dnd_releases_total: counter("Releases by how they ended."),
  dnd_rollbacks_total: counter("Releases that took an earlier one back."),
  dnd_release_duration_seconds: histogram("How long releases took from begin to end."),
  dnd_release_step_duration_seconds: histogram("How long each step of releases took."),
  dnd_release_info: gauge("The newest release that went well: number and version in its labels."),
  dnd_release_finished_timestamp_seconds: gauge("When the newest release that went well ended."),
  dnd_release_success_ratio: gauge("Share of the releases of the last 7 days that went well."),
  dnd_release_last_duration_seconds: gauge("How long the newest release took."),
  dnd_backup_age_seconds: gauge("Age of the newest archive."),
  dnd_backup_size_bytes: gauge("Size of the newest archive."),
  dnd_backup_verified: gauge("Whether the newest archive was read again to its end."),
  dnd_backup_verified_age_seconds: gauge("How long ago an archive was last read again to its end."),
  dnd_backups: gauge("Archives in the catalog."),
  dnd_restore_test_age_seconds: gauge("How long ago an archive was last restored for a test."),
  dnd_retention_age_seconds: gauge("How long ago retention last ran."),
  dnd_drill_age_seconds: gauge("How long ago the last drill was."),
  dnd_heartbeat_age_seconds: gauge("How long ago a monitor last gave a sign of life."),
  dnd_migrations_applied: gauge("Migrations in effect."),
  dnd_migrations_pending: gauge("Migrations that are expected and not in effect."),
  dnd_migration_stuck_seconds: gauge("For how long a migration has begun and not ended."),
  dnd_machine_healthy: gauge("Whether a machine of the app is healthy."),
  dnd_app_up: gauge("Whether any machine of the app is healthy."),
  dnd_downtime_seconds: gauge("For how long the app has been down."),
  dnd_service_up: gauge("Whether a service that the app needs answers as it should."),
  dnd_certificate_expiry_seconds: gauge("Time until a certificate ends."),
  dnd_disk_used_ratio: gauge("Share of a disk that is used."),
  dnd_http_requests_total: counter("Requests that the app has answered, by class of status."),
  dnd_http_request_duration_seconds: histogram("How long the app took to answer requests."),
  dnd_http_error_ratio: gauge("Share of the app's answers of the last minutes that were errors."),
  dnd_http_request_p95_seconds: gauge("95 percent of the requests of the last minutes were faster."),
  dnd_http_request_mean_seconds: gauge("Mean time of the requests of the last minutes."),
  dnd_active_sessions: gauge("Sessions that are active."),
  dnd_sessions_usual_ratio: gauge("Sessions as a share of those that are usual at this hour."),
  dnd_pool_used_ratio: gauge("Share of the app's pool of connections that is used."),
  dnd_memory_used_ratio: gauge("Share of its memory that the app uses."),
  dnd_failed_jobs: gauge("Background jobs that failed in the last minutes."),
  dnd_alerts_open: gauge("Alerts that are open, by level."),
  dnd_dora_deployments_per_day: gauge("Releases a day that went well, over the last 30 days."),
  dnd_dora_lead_time_seconds: gauge("From commit to release, the median of the last 30 days."),
  dnd_dora_change_failure_ratio: gauge(
    "Share of releases of the last 30 days that failed or were taken back.",
  ),
  dnd_dora_recovery_seconds: gauge("From a failed release to a good one, the median of the last 30 days."),
  dnd_dora_rework_ratio: gauge("Share of releases of the last 30 days that only mended an earlier one."),
} as const satisfies Record<string, SeriesKind>;

export type SeriesName = keyof typeof series;

function gauge(help: string): SeriesKind {
  return { type: "gauge", help };
}

function counter(help: string): SeriesKind {
  return { type: "counter", help };
}

function histogram(help: string): SeriesKind {
  return { type: "histogram", help };
}
