import {
  catalogEntries,
  csvOf,
  doraFigures,
  expositionOf,
  metricRows,
  releaseRows,
  releasesSince,
  samplesOfArchives,
  samplesOfDora,
  samplesOfJournal,
} from "../../infra/engines/monitoring";
import { CommitTimes } from "../monitor/commit-times";
import type { Terminal } from "../terminal";
import { momentOf, usage, type MetricsOptions } from "./options";
import { withOperations, type Operations } from "./with-operations";

/** So many figures at most; a shorter time has fewer. */
const mostRows = 100_000;

interface Period {
  since: Date;
  until: Date;
}

/** Writes the figures of a time to standard output, in the form that was asked for. */
export async function exportMetrics(options: MetricsOptions, terminal: Terminal): Promise<number> {
  const now = new Date();
  const until = options.until === undefined ? now : momentOf("--until", options.until, now);
  const since = momentOf("--since", options.since ?? "7d", now);
  if (since >= until) throw usage("--since wants a time before that of --until");
  const text = await withOperations(options, (operations) => write(options, operations, { since, until }));
  terminal.out.write(text);
  return 0;
}

function write(options: MetricsOptions, operations: Operations, period: Period): Promise<string> {
  switch (options.format ?? "json") {
    case "csv":
      return asCsv(options, operations, period);
    case "prometheus":
      return asPrometheus(operations, period);
    case "json":
      return asJson(options, operations, period);
  }
}

function rowsOf({ name }: MetricsOptions, { ops, environment }: Operations, period: Period) {
  return metricRows(ops, { environment, ...period, name, limit: mostRows });
}

async function asCsv(options: MetricsOptions, operations: Operations, period: Period): Promise<string> {
  return csvOf(await rowsOf(options, operations, period));
}

async function asJson(options: MetricsOptions, operations: Operations, period: Period): Promise<string> {
  const [metrics, { journal, dora }] = await Promise.all([
    rowsOf(options, operations, period),
    delivery(operations, period),
  ]);
  const { environment } = operations;
  const releases = releaseRows(journal.filter(({ startedAt }) => startedAt < period.until));
  return `${JSON.stringify({ environment, ...period, dora, releases, metrics }, null, 2)}\n`;
}

async function asPrometheus(operations: Operations, period: Period): Promise<string> {
  const { journal, dora } = await delivery(operations, period);
  const archives = await catalogEntries(operations.ops, operations.environment);
  return expositionOf([
    ...samplesOfJournal(journal.filter(({ startedAt }) => startedAt < period.until)),
    ...samplesOfArchives(archives, period.until),
    ...samplesOfDora(dora),
  ]);
}

/** The releases of a period, and what they come to. */
export async function delivery({ ops, environment }: Operations, { since, until }: Period) {
  const journal = await releasesSince(ops, { environment, since, steps: true });
  const times = new CommitTimes();
  await times.learn(journal.flatMap(({ commit }) => commit ?? []));
  return { journal, dora: doraFigures(journal, { since, until, committedAt: times.of }) };
}
