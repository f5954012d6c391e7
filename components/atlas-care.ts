import * as atlas from "./atlas";
import type * as pulumi from "@pulumi/pulumi";
import { isDedicated, type Tier } from "./atlas-cluster";

export interface AtlasCareArgs {
  environment: string;
  projectId: pulumi.Input<string>;
  cluster: pulumi.Input<string>;
  tier: Tier;
  /** Who is told of the cluster's troubles; the project's owners where nobody is named. */
  alertEmails: string[];
  /** 1 is Sunday; hours are UTC. */
  maintenance: { day: number; hour: number };
  /** So many days Atlas keeps what it needs to return to any moment. */
  restoreWindowDays: number;
}

/** What watches over a cluster: alerts, and for a dedicated one snapshots, a time for maintenance, and an audit. */
export function atlasCare(
  name: string,
  args: AtlasCareArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return [
    ...alertsOf(args.tier).map(
      ({ key, ...alert }) =>
        new atlas.AlertConfiguration(
          `${name}-alert-${key}`,
          { projectId: args.projectId, enabled: true, notifications: notificationsOf(args), ...alert },
          options,
        ),
    ),
    ...(isDedicated(args.tier) ? dedicatedCare(name, args, options) : []),
  ];
}

function dedicatedCare(
  name: string,
  args: AtlasCareArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { projectId, cluster, maintenance } = args;
  const production = args.environment === "production";
  const days = (frequencyInterval: number, retentionValue: number) => ({
    frequencyInterval,
    retentionUnit: "days",
    retentionValue,
  });
  const daily = Math.max(7, args.restoreWindowDays);
  const schedule = new atlas.CloudBackupSchedule(
    `${name}-snapshots`,
    {
      projectId,
      clusterName: cluster,
      referenceHourOfDay: 3,
      referenceMinuteOfHour: 30,
      ...(production ? { restoreWindowDays: args.restoreWindowDays } : {}),
      policyItemHourly: days(6, Math.max(2, args.restoreWindowDays)),
      policyItemDaily: days(1, daily),
      // Atlas takes no schedule whose rarer snapshots go before the more frequent ones.
      policyItemWeeklies: [days(6, Math.max(28, daily))],
      policyItemMonthlies: [
        { frequencyInterval: 40, retentionUnit: "months", retentionValue: production ? 12 : 2 },
      ],
    },
    options,
  );
  const { day: dayOfWeek, hour: hourOfDay } = maintenance;
  const window = new atlas.MaintenanceWindow(
    `${name}-maintenance`,
    { projectId, dayOfWeek, hourOfDay },
    options,
  );
  return [schedule, window, ...(production ? [auditOf(name, args, options)] : [])];
}

function auditOf(
  name: string,
  { projectId }: AtlasCareArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new atlas.Auditing(
    `${name}-audit`,
    { projectId, enabled: true, auditAuthorizationSuccess: false, auditFilter: JSON.stringify(audited) },
    options,
  );
}

/** Who logs in, who is refused, and who changes what others may do; not every read and write. */
const audited = {
  atype: {
    $in: ["authenticate", "authCheck", "createUser", "dropUser", "updateUser", "createRole", "dropRole"],
  },
};

const percent = { operator: "GREATER_THAN", units: "RAW", mode: "AVERAGE" };

function alertsOf(tier: Tier) {
  const always = [{ key: "no-primary", eventType: "NO_PRIMARY" }];
  if (!isDedicated(tier)) return always;
  const metric = (key: string, metricName: string, threshold: number) => ({
    key,
    eventType: "OUTSIDE_METRIC_THRESHOLD",
    metricThresholdConfig: { ...percent, metricName, threshold },
  });
  return [
    ...always,
    metric("connections", "CONNECTIONS_PERCENT", 75),
    metric("disk", "DISK_PARTITION_SPACE_USED_DATA", 80),
    metric("processor", "NORMALIZED_SYSTEM_CPU_USER", 85),
    {
      key: "oplog",
      eventType: "REPLICATION_OPLOG_WINDOW_RUNNING_OUT",
      thresholdConfig: { operator: "LESS_THAN", threshold: 24, units: "HOURS" },
    },
  ];
}

function notificationsOf({ alertEmails }: AtlasCareArgs) {
  const pace = { intervalMin: 15, delayMin: 0 };
  if (alertEmails.length === 0)
    return [{ typeName: "GROUP", roles: ["GROUP_OWNER"], emailEnabled: true, smsEnabled: false, ...pace }];
  return alertEmails.map((emailAddress) => ({ typeName: "EMAIL", emailAddress, ...pace }));
}
