import type { Db, Filter } from "mongodb";
import { metricsOf, type StoredMetric } from "../metrics";
import { within, type Period } from "./period";
import { releasesIn, releasesOf, type JournalRelease } from "./releases";

/** One line of `action=metrics`; what a metric has not is empty. */
export interface MetricRow {
  timestamp: string;
  environment: string;
  deploymentId: string | null;
  phase: string | null;
  status: string | null;
  duration: number | null;
  name: string;
  value: number;
  release: number | null;
  labels: Record<string, string>;
}

export interface RowWish extends Period {
  /** `deployment` unless told otherwise: every release and every step of it, and what others have reported. */
  name?: string | undefined;
  limit: number;
}

const deadlineMs = 5000;

/** The metrics of a period one by one, newest first. */
export async function metricRows(ops: Db, wish: RowWish): Promise<MetricRow[]> {
  const name = wish.name ?? "deployment";
  const [stored, journal] = await Promise.all([
    storedRows(ops, name, wish),
    name === "deployment" ? journalRows(ops, wish) : [],
  ]);
  return [...stored, ...journal]
    .sort((a, b) => (a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : 0))
    .slice(0, wish.limit);
}

async function storedRows(ops: Db, name: string, wish: RowWish): Promise<MetricRow[]> {
  const at = within(wish);
  const filter: Filter<StoredMetric> = {
    "meta.name": name,
    ...(wish.environment === undefined ? {} : { "meta.environment": wish.environment }),
    ...(at ? { at } : {}),
  };
  const found = metricsOf(ops).find(filter, { maxTimeMS: deadlineMs }).sort({ at: -1 }).limit(wish.limit);
  return found.map(rowOf).toArray();
}

function rowOf({ at, meta, value, deploymentId }: StoredMetric): MetricRow {
  const { phase = null, status = null, ...labels } = meta.labels ?? {};
  return {
    timestamp: at.toISOString(),
    environment: meta.environment,
    deploymentId: deploymentId ?? null,
    phase,
    status,
    duration: meta.name === "deployment" ? value : null,
    name: meta.name,
    value,
    release: meta.release ?? null,
    labels,
  };
}

async function journalRows(ops: Db, wish: RowWish): Promise<MetricRow[]> {
  const found = releasesIn(ops)
    .find(releasesOf(wish), { maxTimeMS: deadlineMs })
    .sort({ _id: -1 })
    .limit(wish.limit);
  return (await found.toArray()).flatMap((release) => [
    ...(release.finishedAt ? [ofRelease(release, release.finishedAt)] : []),
    ...(release.steps ?? []).map(({ name, outcome, at, durationMs }) =>
      journalRow(release, { phase: name, outcome, at, durationMs }),
    ),
  ]);
}

function ofRelease(release: JournalRelease, finishedAt: Date): MetricRow {
  const outcome = release.state === "done" ? "done" : "failed";
  const durationMs = finishedAt.getTime() - release.startedAt.getTime();
  return journalRow(release, { phase: "deployment", outcome, at: release.startedAt, durationMs });
}

function journalRow(
  { _id, environment }: JournalRelease,
  step: { phase: string; outcome: "done" | "failed"; at: Date; durationMs: number },
): MetricRow {
  return {
    timestamp: step.at.toISOString(),
    environment,
    deploymentId: `release-${_id}`,
    phase: step.phase,
    status: step.outcome === "done" ? "success" : "failed",
    duration: step.durationMs,
    name: "deployment",
    value: step.durationMs,
    release: _id,
    labels: {},
  };
}
