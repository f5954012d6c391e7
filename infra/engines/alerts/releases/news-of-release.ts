import { formatDuration } from "../../../support";
import type { ReleaseNews } from "./announce-release";

/** As much of a release in the journal as people are told. */
export interface ReleaseSeen {
  _id: number;
  state: "running" | "done" | "failed";
  kind?: string;
  image: { name: string; version: string };
  commit: string | null;
  schema: { before: string | null; after: string | null };
  by: string;
  host: string;
  startedAt: Date;
  finishedAt: Date | null;
  steps: { name: string; at: Date; durationMs: number; outcome: string }[];
  error: string | null;
  why: string[];
  reason?: string;
}

/** What a release has come to so far, in its order. */
export function newsOfRelease(release: ReleaseSeen): ReleaseNews[] {
  return [
    started(release),
    ...release.steps.map((step, index) => stepped(release, step, index)),
    ...ended(release),
  ];
}

function started(release: ReleaseSeen): ReleaseNews {
  const { _id, image, by, host, why, reason, startedAt, commit } = release;
  return {
    ...newsAbout(release),
    event: "started",
    name: "0-started",
    title: `Release ${_id} ${kindOf(release)}started: ${image.name} ${image.version}`,
    lines: [
      `by ${by} on ${host}`,
      ...(commit === null ? [] : [`commit ${commit.slice(0, 12)}`]),
      ...(why.length === 0 ? [] : [why.join(", ")]),
      ...(reason === undefined ? [] : [reason]),
    ],
    at: startedAt,
  };
}

function stepped(release: ReleaseSeen, step: ReleaseSeen["steps"][number], index: number): ReleaseNews {
  const isBad = step.outcome === "failed";
  return {
    ...newsAbout(release),
    event: isBad ? "step-failed" : "step",
    name: `1-step-${String(index).padStart(3, "0")}`,
    title: `Release ${release._id}: ${step.name} ${step.outcome}`,
    lines: [`took ${formatDuration(step.durationMs)}`, ...(isBad && release.error ? [release.error] : [])],
    at: step.at,
  };
}

function ended(release: ReleaseSeen): ReleaseNews[] {
  const { _id, state, finishedAt, startedAt, schema, image, error } = release;
  if (state === "running" || finishedAt === null) return [];
  const took = `took ${formatDuration(finishedAt.getTime() - startedAt.getTime())}`;
  const isDone = state === "done";
  return [
    {
      ...newsAbout(release),
      event: isDone ? "done" : "failed",
      name: "2-ended",
      title: `Release ${_id} ${isDone ? "is done" : "failed"}: ${image.name} ${image.version}`,
      lines: isDone
        ? [took, `schema ${schema.before ?? "empty"} to ${schema.after ?? "not known"}`]
        : [took, error ?? "no reason given"],
      at: finishedAt,
    },
  ];
}

function newsAbout({ _id, commit }: ReleaseSeen) {
  return { release: _id, ...(commit !== null && { commit }) };
}

function kindOf({ kind }: ReleaseSeen): string {
  return kind === undefined || kind === "forward" ? "" : `(${kind}) `;
}
