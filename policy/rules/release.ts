import type { PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { kinds, listAt, objectAt, rule, stackEnvironment } from "./rule";
import { machinesAtPorts } from "./serving";

const leastMachines = 2;
/** Days for which nobody deletes an archive of production. */
const leastLockDays = 7;

/** What holds of machines and of what happens to data. */
export const releaseRules: ResourceValidationPolicy[] = [
  rule("machines-minimum", "Production serves from two machines or more.", [kinds.machines], ({ props }) => {
    const groups = listAt(props, "groups");
    const said = groups.map((one) => objectAt(objectAt(one, "config"), "env").DEPLOY_ENV);
    if (![...said, stackEnvironment()].includes("production")) return [];
    const resting = groups
      .flatMap((one) => listAt(objectAt(one, "config"), "services"))
      .filter(({ autostop = "off" }) => autostop !== "off" && autostop !== false)
      .filter(({ min_machines_running: least }) => Number(least ?? 0) < leastMachines);
    // Who sends machines home has said why, for how long, and has been asked again.
    const few = typeof props.asked === "number" ? [] : machinesAtPorts(groups);
    return [
      ...few
        .filter(({ machines }) => machines < leastMachines)
        .map(({ port, machines }) => `has ${machines} serving ${port}; production needs ${leastMachines}`),
      ...(resting.length > 0 ? [`lets fewer than ${leastMachines} machines run while nobody asks`] : []),
    ];
  }),
  rule(
    "machines-tls",
    "Whoever comes to the app without TLS is sent to where there is some.",
    [kinds.machines],
    ({ props }) =>
      listAt(props, "groups")
        .flatMap((one) => listAt(objectAt(one, "config"), "services"))
        .flatMap((service) => listAt(service, "ports"))
        .filter((port) => isPlain(port) && port.force_https !== true)
        .map(({ port }) => `answers on port ${String(port)} without TLS`),
  ),
  rule(
    "archives-locked",
    "What locks production's archives does so for a week or more.",
    [kinds.backup],
    ({ props }) => {
      if (props.environment !== "production") return [];
      const days = /[?&]lock-days=(\d+)/.exec(String(props.store))?.[1];
      if (days === undefined || Number(days) >= leastLockDays) return [];
      return [`locks archives for ${days} days; production needs ${leastLockDays}`];
    },
  ),
  rule(
    "archive-before-migration",
    "No migration begins before the archive to go back to is there.",
    [kinds.migration],
    ({ props }) =>
      isMigrating(props) && stackEnvironment() !== "development" && archiveOf(props) === "none"
        ? ["has migrations to run, and there is no archive to go back to"]
        : [],
  ),
];

/** Migrations wait in one resource, and the archive is another's: before anything runs only the whole stack tells. */
export const backupBeforeMigration: StackValidationPolicy = {
  name: "backup-before-migration",
  description: "No migration runs without an archive taken before, but where data is nobody's.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const backups = resources.filter(({ type }) => type === kinds.backup);
    const taken = backups.some(({ props }) => props.wanted === true);
    if (taken || [stackEnvironment(), ...backups.map(environmentOf)].includes("development")) return;
    const migrating = resources.filter(({ type, props }) => type === kinds.migration && isMigrating(props));
    for (const { name, urn } of migrating)
      report(`${name} has migrations to run, and no archive is taken before`, urn);
  },
};

function environmentOf({ props }: PolicyResource): unknown {
  return props.environment;
}

/** Taking a migration back changes the data as running it does. */
function isMigrating(props: Record<string, unknown>): boolean {
  return [...listAt(props, "pending"), ...listAt(props, "reverting")].length > 0;
}

/** A preview cannot know it: touching it there ends a rule. */
function archiveOf(props: Record<string, unknown>): "there" | "none" | "not known yet" {
  try {
    return typeof props.archive === "string" ? "there" : "none";
  } catch {
    return "not known yet";
  }
}

function isPlain(port: Record<string, unknown>): boolean {
  const handlers = Array.isArray(port.handlers) ? (port.handlers as string[]) : [];
  return port.port === 80 || (handlers.includes("http") && !handlers.includes("tls"));
}
