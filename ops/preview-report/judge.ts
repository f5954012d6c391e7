import { formatDuration } from "../../infra/support";
import type { Foreseen } from "./from-steps";
import type { PendingMigration, PreviewReport, WayBack } from "./report";

/** What else is known of a release than its preview tells. */
export interface Known {
  stack: string;
  engine: string;
  result: PreviewReport["result"];
  /** Which migrations of the folder have a way back. */
  reversible: ReadonlyMap<string, boolean>;
  /** What a review of the pending migrations found. */
  findings: readonly { file: string; what: string }[];
  /** Of the newest release that did each step, in milliseconds. */
  durations: ReadonlyMap<string, number>;
}

/** Puts together what a preview has found and what is known of earlier releases. Pure. */
export function reportOf(seen: Foreseen, known: Known): PreviewReport {
  const pending = seen.pending.map((one) => ({
    ...one,
    reversible: known.reversible.get(one.version) ?? null,
  }));
  const { stack, engine, result, durations } = known;
  const { infrastructure, release, backup, tried, errors } = seen;
  const timed = { ...backup, expectedMs: backup.expectedMs ?? durations.get("backup") ?? null };
  return {
    ...{ version: 1, stack, engine, result, infrastructure, release, errors },
    migrations: { pending, tried },
    backup: timed,
    rollback: wayBack(seen, pending, known),
    expectedMs: release && durationOf(timed, pending, durations),
    risks: risksOf(seen, pending, known),
  };
}

function durationOf(
  { wanted, expectedMs }: PreviewReport["backup"],
  pending: readonly PendingMigration[],
  durations: ReadonlyMap<string, number>,
): number | null {
  const machines = [...durations].find(([name]) => /machines$/.test(name))?.[1];
  if (machines === undefined) return null;
  const migrating = pending.length > 0 ? ["expand-migrations", "contract-migrations"] : [];
  const others = ["preflight", ...migrating, "verification", "record"];
  const sum = others.reduce((ms, name) => ms + (durations.get(name) ?? 0), machines);
  return sum + (wanted ? (expectedMs ?? 0) : 0);
}

/** Back, contract migrations go first and expand migrations last; one without a way back leaves the archive alone. */
function wayBack(
  { release, backup }: Foreseen,
  pending: readonly PendingMigration[],
  { stack, durations }: Known,
): WayBack {
  if (!release) return { command: null, steps: [], expectedMs: null };
  const machines = [...durations].find(([name]) => /machines$/.test(name))?.[1] ?? null;
  const before = release.image.before;
  if (before === null)
    return { command: null, steps: ["it is the first release: there is none before it"], expectedMs: null };
  const image = `the image goes back to ${before}`;
  const oneWay = pending.filter(({ reversible }) => reversible === false);
  if (pending.length === 0)
    return { command: `dnd rollback app --stack ${stack}`, steps: [image], expectedMs: machines };
  if (oneWay.length === 0) {
    const down = [...pending].reverse().map(({ version }) => version);
    const steps = [image, `migrations go back: ${down.join(", ")}`];
    return { command: `dnd rollback full --stack ${stack}`, steps, expectedMs: machines };
  }
  const only = `${oneWay.map(({ version }) => version).join(", ")} cannot be taken back`;
  if (!backup.wanted)
    return {
      command: null,
      steps: [`${only}, and no archive is taken: there is no way back`],
      expectedMs: null,
    };
  return {
    command: `dnd rollback full --backup latest --stack ${stack}`,
    steps: [`${only}: all data comes out of the archive, and what was written since is lost`, image],
    expectedMs: null,
  };
}

const lostOps: Record<string, string> = {
  delete: "is deleted",
  replace: "is made anew",
  "create-replacement": "is made anew",
};

function risksOf(
  { infrastructure, warnings, backup, release }: Foreseen,
  pending: readonly PendingMigration[],
  { findings, durations }: Known,
): string[] {
  const lost = infrastructure.changes.flatMap(({ op, name }) =>
    lostOps[op] ? [`${name} ${lostOps[op]}`] : [],
  );
  const oneWay = pending.filter(({ reversible }) => reversible === false);
  const unsaved = release && pending.length > 0 && !backup.wanted;
  const versions = new Set(pending.map(({ version }) => version));
  return [
    ...new Set([
      ...warnings.map((text) => text.split("\n")[0] ?? ""),
      ...lost,
      ...oneWay.map(({ version, description }) => `${version} (${description}) has no way back`),
      ...(unsaved ? ["migrations run without an archive before them"] : []),
      ...findings
        .filter(({ file }) => versions.has(file.slice(0, 14)))
        .map(({ file, what }) => `${file}: ${what}`),
      ...(release && durations.size === 0 ? ["no earlier release tells how long it will take"] : []),
    ]),
  ];
}

/** As a person says it. */
export function timeText(ms: number | null): string {
  if (ms === null) return "nobody knows";
  return ms < 60_000 ? `about ${formatDuration(ms)}` : `about ${Math.ceil(ms / 60_000)} minutes`;
}
