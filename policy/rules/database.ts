import type { ResourceValidationPolicy } from "@pulumi/policy";
import { whyNotClosed } from "./open-network";
import { isDedicated, isProduction, kinds, objectAt, rule } from "./rule";

const leastSnapshotDays = 7;
const daysOf = { days: 1, weeks: 7, months: 30, years: 365 };
const broadRoles = [
  ...["atlasAdmin", "root", "readWriteAnyDatabase", "dbAdminAnyDatabase"],
  ...["userAdminAnyDatabase", "clusterAdmin", "clusterManager", "hostManager", "restore", "__system"],
];

/** What holds of clusters, of who may reach them, and of who may log in. */
export const databaseRules: ResourceValidationPolicy[] = [
  rule("cluster-backed-up", "Every dedicated cluster is backed up.", [kinds.cluster], (judged) => [
    ...(isDedicated(judged) && judged.props.backupEnabled !== true ? ["is not backed up"] : []),
    ...(isProduction(judged) && judged.props.pitEnabled !== true
      ? ["cannot return to any moment, as production must"]
      : []),
  ]),
  rule(
    "cluster-tls",
    "Every cluster that can choose asks for TLS 1.2 or later.",
    [kinds.cluster],
    (judged) => {
      const least = objectAt(judged.props, "advancedConfiguration").minimumEnabledTlsProtocol;
      return isDedicated(judged) && !["TLS1_2", "TLS1_3"].includes(String(least))
        ? ["takes an older TLS"]
        : [];
    },
  ),
  rule("cluster-kept", "Production's cluster cannot be terminated by mistake.", [kinds.cluster], (judged) =>
    isProduction(judged) && judged.props.terminationProtectionEnabled !== true
      ? ["has no termination protection"]
      : [],
  ),
  rule(
    "cluster-dedicated",
    "Production's cluster is no tenant of a shared one.",
    [kinds.cluster],
    (judged) => (isProduction(judged) && !isDedicated(judged) ? ["is of a tier without backups"] : []),
  ),
  rule("network-closed", "Nobody's database is open to everybody.", [kinds.access], ({ props }) =>
    [props.cidrBlock, props.ipAddress].flatMap((one) => (one === undefined ? [] : whyNotClosed(String(one)))),
  ),
  rule("user-least-rights", "No user may do everything.", [kinds.user], ({ props }) => {
    const roles = Array.isArray(props.roles) ? (props.roles as { roleName?: string }[]) : [];
    return roles
      .filter(({ roleName = "" }) => broadRoles.includes(roleName))
      .map(({ roleName }) => `has the role ${roleName}`);
  }),
  rule("snapshot-retention", "Snapshots are kept for a week or more.", [kinds.schedule], ({ props }) => {
    const { retentionUnit, retentionValue } = objectAt(props, "policyItemDaily");
    const days = (daysOf[retentionUnit as keyof typeof daysOf] ?? 0) * Number(retentionValue);
    return days >= leastSnapshotDays ? [] : [`keeps daily snapshots for less than ${leastSnapshotDays} days`];
  }),
];
