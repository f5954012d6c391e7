import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { kinds, listAt, objectAt, rule } from "./rule";

const leastMachines = 2;

/** What holds of machines and of what happens to data. */
export const releaseRules: ResourceValidationPolicy[] = [
  rule("machines-minimum", "Production serves from two machines or more.", [kinds.machines], ({ props }) => {
    const groups = listAt(props, "groups");
    const serving = groups.filter((one) => listAt(objectAt(one, "config"), "services").length > 0);
    const env = objectAt(objectAt(groups[0] ?? {}, "config"), "env");
    const machines = serving
      .flatMap((one) => Object.values(objectAt(one, "counts")))
      .reduce<number>((sum, count) => sum + Number(count), 0);
    return env.DEPLOY_ENV === "production" && machines < leastMachines
      ? [`has ${machines} serving; production needs ${leastMachines}`]
      : [];
  }),
  rule(
    "machines-tls",
    "Whoever comes to the app without TLS is sent to where there is some.",
    [kinds.machines],
    ({ props }) =>
      listAt(props, "groups")
        .flatMap((one) => listAt(objectAt(one, "config"), "services"))
        .flatMap((service) => listAt(service, "ports"))
        .filter((port) => port.port === 80 && port.force_https !== true)
        .map(() => "answers on port 80 without TLS"),
  ),
];

/** Migrations wait in one resource, and the archive is another's: only the whole stack tells. */
export const backupBeforeMigration: StackValidationPolicy = {
  name: "backup-before-migration",
  description: "No migration runs without an archive taken before.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const backup = resources.find(({ type }) => type === kinds.backup);
    const migrating = resources.filter(
      ({ type, props }) => type === kinds.migration && listAt(props, "pending").length > 0,
    );
    for (const { name, urn } of migrating)
      if (backup?.props.wanted !== true)
        report(`${name} has migrations to run, and no archive is taken before`, urn);
  },
};
