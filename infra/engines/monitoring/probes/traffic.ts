import type { Db } from "mongodb";
import type { Figure, FigureName } from "../figure";
import { metricsOf, type StoredMetric } from "../metrics";
import type { Probe } from "./probe";
import { usualSessions } from "./usual-sessions";

const windowMs = 2 * 60_000;
/** Fewer requests than this say nothing of how many go wrong. */
const fewest = 10;

const names = [
  "requests",
  "errors",
  "meanResponseMs",
  "p95Ms",
  "activeSessions",
  "poolPercent",
  "memoryPercent",
  "failedJobs",
];

/** Probes what the app's machines have recorded of their requests in the last two minutes. */
export function trafficProbe(ops: Db, environment: string): Probe {
  const usual = usualSessions(ops, environment);
  return {
    name: "traffic",
    look: async (at, signal) => {
      const since = new Date(at.getTime() - windowMs);
      const found = metricsOf(ops).find(
        { "meta.name": { $in: names }, "meta.environment": environment, at: { $gte: since } },
        { projection: { _id: 0 }, signal },
      );
      const figures = trafficFigures(await found.toArray(), at);
      return [...figures, ...againstTheUsual(figures, await usual(at))];
    },
  };
}

/** As many sessions as ever at this hour are 100 percent. */
export function againstTheUsual(figures: readonly Figure[], usual: number | undefined): Figure[] {
  const now = figures.find(({ name }) => name === "activeSessions");
  if (!now || usual === undefined) return [];
  const note = `${now.value} sessions, ${Math.round(usual)} are usual at this hour`;
  return [{ ...now, name: "sessionsPercent", value: (100 * now.value) / usual, note }];
}

/** What machines recorded as figures of the whole app; what none of them recorded is left out. */
export function trafficFigures(recorded: readonly StoredMetric[], at: Date): Figure[] {
  const of = (name: string) => recorded.filter(({ meta }) => meta.name === name);
  const total = (name: string) => of(name).reduce((sum, { value }) => sum + value, 0);
  const figure = (name: FigureName, value: number | undefined, note?: string): Figure[] =>
    value === undefined || !Number.isFinite(value)
      ? []
      : [{ name, subject: "app", value, at, ...(note === undefined ? {} : { note }) }];
  const requests = total("requests");
  const counts = requestsBy(of("requests"));
  const newest = (name: string) => [...newestOf(of(name)).values()].map(({ value }) => value);
  const sessions = newest("activeSessions");
  return [
    ...(requests >= fewest
      ? figure(
          "errorPercent",
          (100 * total("errors")) / requests,
          `${total("errors")} of ${requests} requests`,
        )
      : []),
    ...figure("meanResponseMs", weighted(of("meanResponseMs"), counts)),
    ...figure("p95Ms", weighted(of("p95Ms"), counts)),
    ...figure("activeSessions", sessions.length === 0 ? undefined : sessions.reduce((a, b) => a + b, 0)),
    ...figure("poolPercent", largest(newest("poolPercent"))),
    ...figure("memoryPercent", largest(newest("memoryPercent"))),
    ...figure("failedJobs", of("failedJobs").length === 0 ? undefined : total("failedJobs")),
  ];
}

/** A time counts as much as there were requests that took it. */
function weighted(times: readonly StoredMetric[], counts: ReadonlyMap<string, number>): number | undefined {
  let sum = 0;
  let weight = 0;
  for (const time of times) {
    const requests = counts.get(momentOf(time)) ?? 1;
    sum += time.value * requests;
    weight += requests;
  }
  return weight === 0 ? undefined : sum / weight;
}

function requestsBy(requests: readonly StoredMetric[]): ReadonlyMap<string, number> {
  return new Map(requests.map((one) => [momentOf(one), one.value]));
}

/** The figures that a machine wrote at the same moment belong together. */
function momentOf({ at, meta }: StoredMetric): string {
  return `${meta.labels?.machine ?? ""}|${at.getTime()}`;
}

function newestOf(recorded: readonly StoredMetric[]): ReadonlyMap<string, StoredMetric> {
  const newest = new Map<string, StoredMetric>();
  for (const one of recorded) {
    const machine = one.meta.labels?.machine ?? "";
    const known = newest.get(machine);
    if (!known || known.at <= one.at) newest.set(machine, one);
  }
  return newest;
}

function largest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}
