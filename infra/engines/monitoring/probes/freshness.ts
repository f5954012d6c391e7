import type { Db } from "mongodb";
import type { Figure, FigureName } from "../figure";
import type { Heartbeat } from "../heartbeats";
import { catalogEntries, lastRestore } from "./archives";
import type { Probe } from "./probe";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What should happen again and again, by the name of its heartbeat, and in what its age is counted. */
const watched: readonly { beat: string; figure: FigureName; unitMs: number }[] = [
  { beat: "restore-test", figure: "restoreTestAgeDays", unitMs: dayMs },
  { beat: "retention", figure: "retentionAgeHours", unitMs: hourMs },
  { beat: "drill", figure: "drillAgeDays", unitMs: dayMs },
];

/** Probes how long ago restore test, retention and drill were, and whether every monitor still beats. */
export function freshnessProbe(wish: {
  environment: string;
  ops: Db;
  heartbeats: () => Promise<Heartbeat[]>;
}): Probe {
  return {
    name: "freshness",
    look: async (at) => {
      const [beats, entries] = await Promise.all([
        wish.heartbeats(),
        catalogEntries(wish.ops, wish.environment),
      ]);
      return freshnessFigures(beats, at, lastRestore(entries));
    },
  };
}

/**
 * What was never done is as old as the monitoring itself: a new stack is not late on its first day. A release that
 * restores its own archive leaves its word in the catalog alone.
 */
export function freshnessFigures(beats: readonly Heartbeat[], at: Date, restored?: Date): Figure[] {
  const began = beats.find(({ _id }) => _id === "monitoring-began")?.at ?? at;
  const ages = watched.map(({ beat, figure, unitMs }): Figure => {
    const known = beats.find(({ _id }) => _id === beat)?.at;
    const last = beat === "restore-test" && restored && !(known && known > restored) ? restored : known;
    const value = Math.max(0, (at.getTime() - (last ?? began).getTime()) / unitMs);
    return { name: figure, subject: beat, value, at, ...(last ? {} : { note: "never done yet" }) };
  });
  const monitors = beats.filter(({ _id }) => _id === "monitor");
  return [
    ...ages,
    ...monitors.map((beat): Figure => ({
      name: "heartbeatAgeSeconds",
      subject: "monitor",
      value: Math.max(0, (at.getTime() - beat.at.getTime()) / 1000),
      at,
    })),
  ];
}
