const minute = 60_000;

/** One thing that an emergency needs, with the time that the runbook gives it. */
export interface Measure {
  name: "rollback" | "deployment-failure" | "data-recovery" | "from-nothing";
  what: string;
  targetMs: number;
}

export const measures: readonly Measure[] = [
  { name: "from-nothing", what: "from an archive alone to an app that serves", targetMs: 30 * minute },
  { name: "rollback", what: "image, schema and data back to the release before", targetMs: 10 * minute },
  { name: "deployment-failure", what: "the same, verified by hand afterwards", targetMs: 15 * minute },
  { name: "data-recovery", what: "stopped, restored, and back in service", targetMs: 20 * minute },
];

/** What was measured, against its target. */
export interface Measured extends Measure {
  durationMs: number;
  ok: boolean;
}

/** Holds times against their targets; `within` is a stricter target for all of them. */
export function judged(durations: Record<Measure["name"], number>, within?: number): Measured[] {
  return measures.map((one) => {
    const targetMs = Math.min(one.targetMs, within ?? Infinity);
    const durationMs = durations[one.name];
    return { ...one, targetMs, durationMs, ok: durationMs <= targetMs };
  });
}
