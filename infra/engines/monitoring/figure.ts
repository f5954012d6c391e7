/** Every figure that alerts may be made of, with what its value counts. */
export const figureUnits = {
  errorPercent: "%",
  p95Ms: "ms",
  meanResponseMs: "ms",
  connectionsPercent: "%",
  poolPercent: "%",
  activeSessions: "sessions",
  sessionsPercent: "%",
  successPercent: "%",
  deploymentSeconds: "s",
  backupAgeHours: "h",
  backupUnverifiedHours: "h",
  restoreTestAgeDays: "d",
  retentionAgeHours: "h",
  drillAgeDays: "d",
  heartbeatAgeSeconds: "s",
  migrationStuckMinutes: "min",
  unhealthyMachines: "machines",
  diskPercent: "%",
  certificateDays: "d",
  downtimeMinutes: "min",
  databaseDown: "yes or no",
  serviceDown: "yes or no",
  memoryPercent: "%",
  failedJobs: "jobs",
  databasePingMs: "ms",
  databaseQueryMs: "ms",
  databaseConnections: "connections",
  replicationLagSeconds: "s",
  migrationsApplied: "migrations",
  migrationsPending: "migrations",
} as const;

export type FigureName = keyof typeof figureUnits;

/** One number about one thing at one moment: what a probe finds, what is kept, and what alerts are made of. */
export interface Figure {
  name: FigureName;
  /** What it is about: "app", "database", "machine d891…", "redis". */
  subject: string;
  value: number;
  at: Date;
  /** What a reader should know beside the number, such as why it is down. */
  note?: string;
}

/** Whether it is a 1 for "bad" and a 0 for "good", which is believed only when it was seen several times. */
export function isVerdict({ name }: Figure): boolean {
  return name === "databaseDown" || name === "serviceDown" || name === "unhealthyMachines";
}

const fromApp: ReadonlySet<FigureName> = new Set([
  "errorPercent",
  "p95Ms",
  "meanResponseMs",
  "activeSessions",
  "poolPercent",
  "memoryPercent",
  "failedJobs",
]);

/** Whether it is worked out of what the app's own machines have recorded. */
export function isFromApp({ name }: Figure): boolean {
  return fromApp.has(name);
}
