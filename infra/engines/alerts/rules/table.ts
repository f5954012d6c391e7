import type { Rule } from "./rule";

const second = 1_000;
const minute = 60 * second;

type Told = Pick<Rule, "name" | "title" | "unit"> & Partial<Rule>;

const usual = {
  bad: "above",
  warning: null,
  critical: null,
  forMs: 2 * minute,
  calmMs: 2 * minute,
  hysteresis: 0.1,
  parents: [],
  parentsOf: {},
  quietInRelease: false,
  dryRun: false,
} satisfies Partial<Rule>;

const rule = (told: Told): Rule => ({ ...usual, ...told });
/** Either it is so, or it is not: there is no edge to hesitate at. */
const fact = (told: Told): Rule =>
  rule({ critical: 0, hysteresis: 0, forMs: 30 * second, calmMs: minute, ...told });
/** It changes by the hour: it is told at once. */
const slow = (told: Told): Rule => rule({ forMs: 0, calmMs: 0, hysteresis: 0, ...told });

const down = ["databaseDown", "downtimeMinutes"];

/** The rules of a deployment with the thresholds of the operators' guides; docs/alerts.md tells each one's meaning. */
export const rules: readonly Rule[] = [
  fact({ name: "databaseDown", title: "The database cannot be reached", unit: "" }),
  fact({
    name: "serviceDown",
    title: "A service cannot be reached",
    unit: "",
    // That no machine serves is told as downtime, and not for each of them beside it.
    parentsOf: { app: down },
    quietInRelease: true,
  }),
  fact({
    name: "unhealthyMachines",
    title: "Machines are unhealthy",
    unit: "",
    forMs: minute,
    parents: down,
    quietInRelease: true,
  }),
  slow({
    name: "downtimeMinutes",
    title: "The app is down",
    unit: " min",
    critical: 0,
    parents: ["databaseDown"],
  }),
  rule({ name: "errorPercent", title: "Requests fail", unit: "%", warning: 1, critical: 5, parents: down }),
  rule({
    name: "p95Ms",
    title: "Slow answers (p95)",
    unit: " ms",
    warning: 1_000,
    critical: 2_000,
    parents: down,
    quietInRelease: true,
  }),
  rule({
    name: "meanResponseMs",
    title: "Slow answers (mean)",
    unit: " ms",
    warning: 1_000,
    parents: [...down, "p95Ms"],
    quietInRelease: true,
  }),
  rule({
    name: "connectionsPercent",
    title: "Database connections run out",
    unit: "%",
    warning: 50,
    critical: 75,
    parents: ["databaseDown"],
    quietInRelease: true,
  }),
  rule({
    name: "poolPercent",
    title: "The connection pool is near its end",
    unit: "%",
    warning: 80,
    critical: 95,
    parents: ["databaseDown"],
    quietInRelease: true,
  }),
  rule({
    name: "sessionsPercent",
    title: "More sessions than the usual load",
    unit: "% of the usual",
    warning: 150,
    critical: 200,
    forMs: 5 * minute,
    parents: down,
  }),
  rule({ name: "memoryPercent", title: "Memory runs out", unit: "%", critical: 90 }),
  slow({ name: "diskPercent", title: "Disk space runs out", unit: "%", warning: 80, critical: 90 }),
  slow({
    name: "failedJobs",
    title: "Background jobs failed",
    unit: "",
    warning: 0,
    parents: ["databaseDown"],
  }),
  slow({
    name: "migrationStuckMinutes",
    title: "A migration is stuck",
    unit: " min",
    warning: 10,
    critical: 30,
    parents: ["databaseDown"],
  }),
  slow({
    name: "successPercent",
    title: "Releases fail",
    unit: "%",
    bad: "below",
    warning: 95,
    critical: 80,
  }),
  slow({ name: "deploymentSeconds", title: "Releases are slow", unit: " s", warning: 300, critical: 900 }),
  slow({
    name: "backupAgeHours",
    title: "The last backup is too old",
    unit: " h",
    warning: 25,
    critical: 49,
  }),
  slow({
    name: "backupUnverifiedHours",
    title: "The last backup is not verified",
    unit: " h",
    warning: 25,
    critical: 73,
    parents: ["backupAgeHours"],
  }),
  slow({
    name: "restoreTestAgeDays",
    title: "No restore was tried lately",
    unit: " d",
    warning: 35,
    critical: 70,
  }),
  slow({ name: "retentionAgeHours", title: "Old archives were not pruned lately", unit: " h", warning: 49 }),
  slow({ name: "drillAgeDays", title: "No drill was held lately", unit: " d", warning: 95 }),
  slow({
    name: "heartbeatAgeSeconds",
    title: "The monitor gives no sign of life",
    unit: " s",
    warning: 120,
    critical: 300,
    parents: ["databaseDown"],
  }),
  slow({
    name: "certificateDays",
    title: "A certificate expires",
    unit: " d",
    bad: "below",
    warning: 21,
    critical: 7,
  }),
];
