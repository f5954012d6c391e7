import type { Db } from "mongodb";
import type { Figure } from "../../infra/engines/monitoring";
import type { Site } from "./site";

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

/** The alerts of a site. */
export function alertingOf(_site: Site, _ops: Db): Promise<Alerting> {
  return Promise.resolve(noAlerting);
}
