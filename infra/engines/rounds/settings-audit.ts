import { act, note, ok, type Finding } from "./finding";

/** The settings of one environment as they stand in its file: what is encrypted is a placeholder. */
export interface StackSettings {
  stack: string;
  /** By path, e.g. "app.machines". */
  values: Readonly<Record<string, unknown>>;
}

/** Two environments that have one of these in common are one by mistake. */
const ownEach = [
  "app.name",
  "app.url",
  "database.uri",
  "database.project",
  "database.projectId",
  "backup.bucket.name",
];

/** Meant to differ: a smaller staging is no mistake. */
const mayDiffer =
  /^(environment$|app\.(name|url|image|version|regions|machines|size|memory|port|env|secrets|addresses|certificates|hostnames)|database\.|backup\.(store|bucket|schedule|retention|recipients|recoveryRecipient|snapshot|copies)|release\.|monitoring\.)/;

export interface SettingsAuditWanted {
  staging: StackSettings;
  production: StackSettings;
  /** Names that had another meaning or have gone, each with what stands in its place. */
  deprecated?: Readonly<Record<string, string>>;
}

/** Holds staging's settings against production's: what is missing, out of date, different, or the same by mistake. */
export function auditSettings({ staging, production, deprecated = {} }: SettingsAuditWanted): Finding[] {
  const findings = [
    ...sameByMistake(staging, production),
    ...missing(production, staging),
    ...missing(staging, production),
    ...different(staging, production),
    ...[staging, production].flatMap((one) => outOfDate(one, deprecated)),
  ];
  return findings.length > 0
    ? findings
    : [ok("settings", `${staging.stack} and ${production.stack} have the same settings where they should`)];
}

function sameByMistake(staging: StackSettings, production: StackSettings): Finding[] {
  const environment = production.values.environment;
  const both = staging.values.environment === environment && environment !== undefined;
  const shared = ownEach.filter((path) => {
    const value = production.values[path];
    return value !== undefined && value !== "" && value === staging.values[path];
  });
  return [
    ...(both
      ? [
          act(
            "environment",
            `${staging.stack} and ${production.stack} both say that they are ${String(environment)}`,
            "Give each its own: it decides about protection and backups.",
          ),
        ]
      : []),
    ...shared.map((path) =>
      act(
        path,
        `${staging.stack} and ${production.stack} have the same: ${String(production.values[path])}`,
        "What is tried in staging would happen in production: give each its own.",
      ),
    ),
  ];
}

function missing(there: StackSettings, here: StackSettings): Finding[] {
  return Object.keys(there.values)
    .filter((path) => here.values[path] === undefined && !mayDiffer.test(path))
    .map((path) => note(path, `set in ${there.stack}, not in ${here.stack}, where its default holds`));
}

function different(staging: StackSettings, production: StackSettings): Finding[] {
  return Object.keys(staging.values)
    .filter((path) => !mayDiffer.test(path) && production.values[path] !== undefined)
    .filter((path) => text(staging.values[path]) !== text(production.values[path]))
    .map((path) =>
      act(
        path,
        `${text(staging.values[path])} in ${staging.stack}, ${text(production.values[path])} in ${production.stack}`,
        "Staging proves nothing of production where they differ: set both alike.",
      ),
    );
}

function outOfDate(
  { stack, values }: StackSettings,
  deprecated: Readonly<Record<string, string>>,
): Finding[] {
  return Object.keys(values).flatMap((path) =>
    deprecated[path] === undefined
      ? []
      : [act(path, `out of date in ${stack}`, `Write ${deprecated[path]} in its place.`)],
  );
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
