import {
  durationOf,
  schemaOf,
  type ReleaseDifference,
  type ReleaseSummary,
} from "../../infra/engines/release";
import { formatDuration, formatSize } from "../../infra/support";
import { table } from "../terminal";

/** One line for each release. */
export function listText(releases: ReleaseSummary[]): string {
  if (releases.length === 0) return "nothing was released yet";
  const head = ["RELEASE", "STATE", "KIND", "VERSION", "COMMIT", "SCHEMA", "WHEN", "TOOK", "BY", "WHY"];
  return table([head, ...releases.map(row)]);
}

function row(release: ReleaseSummary): string[] {
  const { number, state, kind, image, commit, startedAt, by, quarantined } = release;
  return [
    String(number),
    quarantined ? `${state}, quarantined` : state,
    kindText(release, kind),
    image.version,
    commit?.slice(0, 9) ?? "",
    schemaOf(release) ?? "",
    startedAt ? minute(startedAt) : "",
    took(release),
    by ?? "",
    whyText(release),
  ];
}

function kindText({ target }: ReleaseSummary, kind: ReleaseSummary["kind"]): string {
  return target === null ? kind : `${kind} to ${target}`;
}

function whyText({ error, reason, why }: ReleaseSummary): string {
  return error?.split("\n")[0] ?? reason ?? why.join(", ");
}

/** Everything that is known of one. */
export function showText(release: ReleaseSummary): string {
  const { image, schema, archive, livesWith, startedAt, by, host, engine, settingsHash, steps } = release;
  const facts: [string, string | null][] = [
    ["release", `${release.number} ${release.state}${release.quarantined ? ", quarantined" : ""}`],
    ["kind", kindText(release, release.kind)],
    ["takes back", release.rollbackOf === null ? null : `release ${release.rollbackOf}`],
    ["image", `${image.name}:${image.version}`],
    ["digest", image.digest],
    ["commit", release.commit],
    ["schema", `${schema.before ?? "empty"} to ${schema.after ?? "not known"}`],
    ["lives with", livesWith && `${livesWith.min ?? "any"} to ${livesWith.max ?? "any"}`],
    ["archive", archive && `${archive.id}, ${formatSize(archive.bytes)}`],
    [
      "made",
      [
        startedAt && `${startedAt.toISOString()} in ${took(release) || "an unknown time"}`,
        by && `by ${by}`,
        host && `on ${host}`,
      ]
        .filter(Boolean)
        .join(" "),
    ],
    ["engine", engine],
    ["settings", settingsHash],
    ["why", release.why.join(", ") || null],
    ["reason", release.reason],
    ["way back", release.rollsBackTo === null ? null : `release ${release.rollsBackTo}`],
    ["error", release.error],
  ];
  const known = facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  const done = steps.map(({ name, outcome, durationMs }) => ["", name, outcome, formatDuration(durationMs)]);
  return [table(known), ...(done.length > 0 ? ["steps", table(done)] : [])].join("\n");
}

/** In what two releases differ, and which migrations lie between them. */
export function diffText({ from, to, differences, migrations }: ReleaseComparison): string {
  const rows = differences.map((one) => [one.what, one.from, one.to]);
  const between = migrations.map(
    ({ version, description, direction }) => `  ${direction === "up" ? "+" : "-"} ${version} ${description}`,
  );
  return [
    rows.length > 0
      ? table([["", `RELEASE ${from}`, `RELEASE ${to}`], ...rows])
      : `release ${from} and release ${to} differ in nothing`,
    ...(between.length > 0 ? ["migrations", ...between] : []),
  ].join("\n");
}

/** Two releases held against each other. */
export interface ReleaseComparison {
  from: number;
  to: number;
  differences: ReleaseDifference[];
  migrations: { version: string; description: string; direction: "up" | "down" }[];
}

function took(release: ReleaseSummary): string {
  const ms = durationOf(release);
  return ms === null ? "" : formatDuration(ms);
}

function minute(at: Date): string {
  return at.toISOString().slice(0, 16).replace("T", " ");
}
