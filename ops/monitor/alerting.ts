import type { Db } from "mongodb";
import {
  announceReleases,
  channelsOf,
  deliverOutbox,
  evaluateRound,
  type AlertSettings,
} from "../../infra/engines/alerts";
import type { Figure } from "../../infra/engines/monitoring";
import { readable, settingsOfEnvironment } from "../alerts";
import type { Site } from "./site";

/** What the monitor needs of alerts: judging figures, and sending what is due. */
export interface Alerting {
  evaluate: (figures: readonly Figure[], at: Date) => Promise<void>;
  deliver: (at: Date) => Promise<void>;
}

/** A channel that hangs must not hold up the looking: what is not through by then goes on beside it. */
const patienceMs = 5000;
/** Releases that began before are no news. */
const newsForMs = 60 * 60_000;

/** The alerts of a site, told through the channels of its settings, or where a database was named of the environment. */
export function alertingOf(site: Site, ops: Db, signal: AbortSignal): Alerting {
  const { environment } = site;
  const { monitoring } = site.settings ?? settingsOfEnvironment();
  const settings: AlertSettings = { environment, monitoring };
  const channels = channelsOf(readable(settings));
  let sending: Promise<void> | undefined;
  return {
    async evaluate(figures, at) {
      await evaluateRound(ops, figures, settings, at);
      await announceReleases(ops, settings, new Date(at.getTime() - newsForMs), at);
    },
    deliver: async () => {
      const begun = (sending ??= deliverOutbox(ops, channels, { signal }).then(
        () => void (sending = undefined),
        (error: unknown) => {
          sending = undefined;
          throw error;
        },
      ));
      await Promise.race([begun, after(patienceMs)]);
      // What is left of it fails into the next round, which tries again.
      begun.catch(() => undefined);
    },
  };
}

function after(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms).unref());
}
