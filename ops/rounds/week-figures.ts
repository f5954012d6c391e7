import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { listReleases } from "../../infra/engines/release";
import { note, ok } from "../../infra/engines/rounds";
import type { RoundStep } from "./step";

const weekMs = 7 * 86_400_000;

interface Hour {
  name: string;
  environment: string;
  hour: Date;
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** The figures of the week as CSV files beside the report: releases, and what was measured, hour by hour. */
export const weekFigures: RoundStep = {
  name: "figures",
  title: "The figures of the week as CSV",
  look: ({ withOps, folder, file }) =>
    withOps(async (ops) => {
      const since = new Date(Date.now() - weekMs);
      const releases = (await listReleases(ops, 500)).filter(({ startedAt }) => startedAt >= since);
      const hours = (await ops.collection<Hour>("metric_hours").find({}).toArray())
        .filter(({ hour }) => hour >= since)
        .sort(
          (one, other) => one.name.localeCompare(other.name) || one.hour.getTime() - other.hour.getTime(),
        );
      const releasesFile = join(folder, `${file}-releases.csv`);
      const metricsFile = join(folder, `${file}-metrics.csv`);
      const releaseRows = releases.map(({ _id, state, image, startedAt, finishedAt, by }) => [
        ...[_id, state, image.version, startedAt.toISOString(), finishedAt?.toISOString() ?? "", by],
      ]);
      const hourRows = hours.map(({ name, environment, hour, count, sum, min, max }) => [
        ...[name, environment, hour.toISOString(), count, count === 0 ? "" : sum / count, min, max],
      ]);
      await writeFile(
        releasesFile,
        csv(["release", "state", "version", "started", "finished", "by"], releaseRows),
      );
      await writeFile(
        metricsFile,
        csv(["metric", "environment", "hour", "count", "mean", "min", "max"], hourRows),
      );
      return [
        ok("releases", `${releases.length} in ${releasesFile}`),
        hours.length > 0
          ? ok("metrics", `${hours.length} hours in ${metricsFile}`)
          : note("metrics", "nothing was measured"),
      ];
    }),
};

function csv(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";
}

/** A cell that begins as a formula does is kept from being one. */
function cell(value: unknown): string {
  const text = String(value);
  const safe = typeof value === "string" && /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
