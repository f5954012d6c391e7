import type { Figure } from "../../infra/engines/monitoring";

/** What the monitor needs of alerts: judging figures, and sending what is due. */
export interface Alerting {
  evaluate: (figures: readonly Figure[], at: Date) => Promise<void>;
  deliver: (at: Date) => Promise<void>;
}

/** Of a site whose settings want no alerts. */
export const noAlerting: Alerting = {
  evaluate: () => Promise.resolve(),
  deliver: () => Promise.resolve(),
};
