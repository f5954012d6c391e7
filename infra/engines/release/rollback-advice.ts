/** What is seen of the app that runs, as the decision matrix asks for it. */
export interface LiveFigures {
  /** Whether it answers at all. */
  answers: boolean;
  /** Failed requests as a share of all, 0 to 1; null where nobody counts. */
  errorRate: number | null;
  /** The 95th percentile against the one of the version before; null where one of them is unknown. */
  slowdown: number | null;
  /** Documents that break the rules of their collection, or what else shows that data is wrong. */
  corruption: string | null;
}

/** A row of the decision matrix. */
export interface RollbackAdvice {
  scenario:
    | "minor bug"
    | "feature issue"
    | "high errors"
    | "performance"
    | "critical bug"
    | "data corruption"
    | "complete outage";
  action: "monitor" | "plan a fix" | "consider a rollback" | "roll back" | "roll back at once";
  method: "none" | "app" | "full";
  /** Data has to come back too: nothing else mends it. */
  data: boolean;
  why: string;
}

/** Answers that take over so many times as long as before count as slow. */
export const slowFrom = 2;

const percent = (rate: number) => `${Math.round(rate * 1000) / 10}%`;

/** The row of the decision matrix that live figures fall into; the worst that fits counts. */
export function adviseRollback({ answers, errorRate, slowdown, corruption }: LiveFigures): RollbackAdvice {
  const atOnce = { action: "roll back at once", method: "full" } as const;
  const rate = errorRate ?? 0;
  if (corruption !== null) {
    return { ...atOnce, scenario: "data corruption", data: true, why: `data is wrong: ${corruption}` };
  }
  if (!answers || rate >= 1) {
    const why = answers ? "every request fails" : "the app does not answer";
    return { ...atOnce, scenario: "complete outage", data: false, why };
  }
  const failing = errorRate === null ? "the error rate is not known" : `${percent(rate)} of requests fail`;
  if (rate > 0.1) return { ...atOnce, scenario: "critical bug", data: false, why: `${failing}, over 10%` };
  const slow = slowdown !== null && slowdown > slowFrom;
  if (rate >= 0.05) {
    const why = slow
      ? `${failing} and answers take ${round(slowdown)} times as long as before`
      : `${failing}, 5% or more`;
    const action = slow ? "roll back" : "consider a rollback";
    return { scenario: "high errors", action, method: "app", data: false, why };
  }
  if (slow) {
    const why = `answers take ${round(slowdown)} times as long as before, over twice`;
    return { scenario: "performance", action: "roll back", method: "app", data: false, why };
  }
  return rate >= 0.01
    ? {
        scenario: "feature issue",
        action: "plan a fix",
        method: "none",
        data: false,
        why: `${failing}, 1% or more`,
      }
    : {
        scenario: "minor bug",
        action: "monitor",
        method: "none",
        data: false,
        why: errorRate === null ? `the app answers; ${failing}` : `${failing}, under 1%`,
      };
}

function round(factor: number): number {
  return Math.round(factor * 10) / 10;
}
