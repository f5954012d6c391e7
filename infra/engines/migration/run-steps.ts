import { apply, type RunStep } from "./apply";
import { afterFailure, type FailurePolicy } from "./failed-run";
import type { MigrationDirection } from "./migration";
import type { JournalRecord } from "./record";
import type { Workplace } from "./workplace";

export type { FailurePolicy };

/** A step that went well. */
export interface RanStep {
  version: string;
  description: string;
  direction: MigrationDirection;
  durationMs: number;
  step: RunStep;
  record: JournalRecord;
}

/** Runs one after the other; after a failure those before it stay or go back, as the policy says. */
export async function runSteps(
  place: Workplace,
  steps: RunStep[],
  policy: FailurePolicy,
): Promise<RanStep[]> {
  const ran: RanStep[] = [];
  let begun: JournalRecord | undefined;
  for (const [n, step] of steps.entries()) {
    const { version, description } = step.migration;
    try {
      const { record, durationMs, nextBegun } = await apply(place, { ...step, begun }, steps[n + 1]);
      begun = nextBegun;
      ran.push({ version, description, direction: step.direction, durationMs, step, record });
    } catch (error) {
      throw await afterFailure(place, policy, ran, step, error);
    }
  }
  return ran;
}
