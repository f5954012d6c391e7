import type { DoraFigures } from "../dora";
import type { JournalEntry } from "../journal";
import { isWhole, secondsOf, type CatalogEntry } from "../probes";
import { histogramSamples, type Sample } from "./text";

const borders = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 3600];

/** What all releases of the journal come to. */
export function samplesOfJournal(journal: readonly JournalEntry[]): Sample[] {
  const ended = journal.filter(({ state }) => state !== "running");
  const newest = ended.filter(({ state }) => state === "done").at(-1);
  const outcomes = ["done", "failed"] as const;
  return [
    ...outcomes.map((outcome): Sample => ({
      series: "dnd_releases_total",
      labels: { outcome },
      value: ended.filter(({ state }) => state === outcome).length,
    })),
    { series: "dnd_rollbacks_total", value: ended.filter(({ kind }) => kind !== "forward").length },
    ...histogramSamples(
      "dnd_release_duration_seconds",
      {},
      { borders, values: ended.flatMap((one) => secondsOf(one) ?? []) },
    ),
    ...stepSamples(ended),
    ...(newest ? newestSamples(newest) : []),
  ];
}

function stepSamples(ended: readonly JournalEntry[]): Sample[] {
  const seconds = new Map<string, number[]>();
  for (const { name, durationMs } of ended.flatMap(({ steps }) => steps)) {
    const known = seconds.get(name);
    if (known) known.push(durationMs / 1000);
    else seconds.set(name, [durationMs / 1000]);
  }
  return [...seconds].flatMap(([step, values]) =>
    histogramSamples("dnd_release_step_duration_seconds", { step }, { borders, values }),
  );
}

function newestSamples({ _id, image, finishedAt }: JournalEntry): Sample[] {
  const labels = { number: String(_id), version: image.version };
  return [
    { series: "dnd_release_info", labels, value: 1 },
    ...(finishedAt
      ? [{ series: "dnd_release_finished_timestamp_seconds" as const, value: finishedAt.getTime() / 1000 }]
      : []),
  ];
}

/** What the catalog of archives says, whose entries come newest first. */
export function samplesOfArchives(entries: readonly CatalogEntry[], at: Date): Sample[] {
  const [newest] = entries;
  return [
    { series: "dnd_backups", value: entries.length },
    ...(newest
      ? ([
          {
            series: "dnd_backup_age_seconds",
            value: Math.max(0, (at.getTime() - newest.takenAt.getTime()) / 1000),
          },
          { series: "dnd_backup_size_bytes", value: newest.bytes },
          { series: "dnd_backup_verified", value: newest.recordedAt && isWhole(newest) ? 1 : 0 },
        ] satisfies Sample[])
      : []),
  ];
}

/** The five figures of delivery; what nothing tells is left out. */
export function samplesOfDora(figures: DoraFigures): Sample[] {
  const { leadTimeSeconds, changeFailurePercent, recoverySeconds, reworkPercent } = figures;
  const known = (name: Sample["series"], value: number | null, times = 1): Sample[] =>
    value === null ? [] : [{ series: name, value: value * times }];
  return [
    { series: "dnd_dora_deployments_per_day", value: figures.deploymentsPerDay },
    ...known("dnd_dora_lead_time_seconds", leadTimeSeconds),
    ...known("dnd_dora_change_failure_ratio", changeFailurePercent, 0.01),
    ...known("dnd_dora_recovery_seconds", recoverySeconds),
    ...known("dnd_dora_rework_ratio", reworkPercent, 0.01),
  ];
}
