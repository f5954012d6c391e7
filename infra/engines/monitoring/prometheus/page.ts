import type { Db } from "mongodb";
import { doraFigures } from "../dora";
import type { Figure } from "../figure";
import { releasesSince } from "../journal";
import { catalogEntries } from "../probes";
import { alertSamples } from "./of-alerts";
import { samplesOfFigures } from "./of-figures";
import { samplesOfArchives, samplesOfDora, samplesOfJournal } from "./of-journal";
import { requestCounters } from "./of-requests";
import { expositionOf, textType, type Sample } from "./text";

const monthMs = 30 * 24 * 3_600_000;
const keepMs = 5000;
/** A scrape waits ten seconds; a database that is silent must not use them up. */
const patienceMs = 1500;

export interface PrometheusOptions {
  environment: string;
  ops: Db;
  /** What the last round of probes found. */
  figures: () => Promise<readonly Figure[]>;
  /** By machine, where it stands. */
  regions?: () => ReadonlyMap<string, string | null>;
  /** What this process knows of itself. */
  own?: () => Sample[];
  committedAt?: (commit: string) => Date | undefined;
  now?: () => Date;
}

export type Pages = Record<string, (request: Request) => Promise<Response>>;

/** The page that Prometheus reads. Without the database it still answers, with what this process knows. */
export function prometheusPage(options: PrometheusOptions): Pages {
  const began = (options.now ?? (() => new Date()))();
  const requests = requestCounters(options.ops, options.environment, began);
  let kept: { at: number; stored: Promise<Sample[]> } | undefined;
  const stored = (): Promise<Sample[]> => {
    const now = performance.now();
    // A dozen scrapers cost one reading of the database.
    if (!kept || now - kept.at > keepMs)
      kept = { at: now, stored: storedSamples(options, requests).catch(() => []) };
    return kept.stored;
  };
  return {
    "/metrics": async () => {
      const none: Sample[] = [];
      const [kept, figures] = await Promise.all([
        inTime(stored(), none),
        inTime(options.figures(), [] as readonly Figure[]),
      ]);
      const samples = [
        ...(options.own?.() ?? []),
        ...samplesOfFigures(figures, options.regions?.()),
        ...kept,
      ];
      return new Response(expositionOf(samples), {
        headers: { "content-type": textType, "cache-control": "no-store" },
      });
    },
  };
}

async function storedSamples(
  { ops, environment, committedAt = () => undefined, now = () => new Date() }: PrometheusOptions,
  requests: (now: Date) => Promise<Sample[]>,
): Promise<Sample[]> {
  const at = now();
  const [journal, archives, alerts, counted] = await Promise.all([
    releasesSince(ops, { environment, since: new Date(0), steps: true }),
    catalogEntries(ops, environment),
    alertSamples(ops),
    requests(at),
  ]);
  const month = { since: new Date(at.getTime() - monthMs), until: at, committedAt };
  return [
    ...samplesOfJournal(journal),
    ...samplesOfArchives(archives, at),
    ...samplesOfDora(doraFigures(journal, month)),
    ...alerts,
    ...counted,
  ];
}

async function inTime<T>(work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => (timer = setTimeout(() => resolve(otherwise), patienceMs)));
  try {
    return await Promise.race([work.catch(() => otherwise), late]);
  } finally {
    clearTimeout(timer);
  }
}
