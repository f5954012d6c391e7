import type { Release } from "../release";

/** A release as lists show it, the same wherever it was read. */
export interface ReleaseSummary {
  number: number;
  state: Release["state"];
  kind: NonNullable<Release["kind"]>;
  image: Release["image"];
  commit: string | null;
  by: string | null;
  host: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  schema: Release["schema"];
  archive: Release["archive"];
  engine: string | null;
  settingsHash: string | null;
  livesWith: NonNullable<Release["livesWith"]> | null;
  why: string[];
  reason: string | null;
  rollbackOf: number | null;
  target: number | null;
  rollsBackTo: number | null;
  /** Its image is not deployed again until somebody lifts that, whichever release showed it to be bad. */
  quarantined: boolean;
  error: string | null;
  steps: Release["steps"];
}

/** Every question has an answer, null where an older edition did not ask it. */
export function summaryOf(release: Release, quarantine: ReadonlySet<string>): ReleaseSummary {
  const { _id: number, state, image, commit, by, host, startedAt, finishedAt, schema, archive } = release;
  return {
    ...{ number, state, image, commit, by, host, startedAt, finishedAt, schema, archive },
    kind: release.kind ?? "forward",
    engine: release.engine ?? null,
    settingsHash: release.settingsHash ?? null,
    livesWith: release.livesWith ?? null,
    why: release.why,
    reason: release.reason ?? null,
    rollbackOf: release.rollbackOf ?? null,
    target: release.target ?? null,
    rollsBackTo: release.rollsBackTo ?? null,
    quarantined: quarantine.has(image.digest),
    error: release.error,
    steps: release.steps,
  };
}

/** How long it took; null while it runs or where nobody wrote it down. */
export function durationOf({ startedAt, finishedAt }: ReleaseSummary): number | null {
  return startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : null;
}
