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

/** Releases that began before are no news. */
const newsForMs = 60 * 60_000;
/** A channel that hangs must not hold up the looking: what is not through by then goes on beside it. */
const patienceMs = 5000;

/** The alerts of a site, told through the channels of its settings. */
export function alertingOf(site: Site, ops: Db, signal: AbortSignal): Alerting {
  const { environment, maintenance } = site;
  const { monitoring } = site.settings ?? settingsOfEnvironment();
  const settings: AlertSettings = { environment, maintenance, monitoring };
  const channels = channelsOf(readable({ monitoring }));
  let sending: Promise<void> | undefined;
  const send = async (): Promise<void> => {
    try {
      const sent = await deliverOutbox(ops, channels, { signal });
      const [failed] = sent.filter(({ outcome }) => outcome !== "delivered");
      if (failed) throw new Error(`${failed.channel}: ${failed.detail}`);
    } finally {
      sending = undefined;
    }
  };
  return {
    async evaluate(figures, at) {
      await evaluateRound(ops, figures, settings, at);
      await announceReleases(ops, settings, new Date(at.getTime() - newsForMs), at);
    },
    async deliver() {
      sending ??= send();
      const begun = sending;
      // What is left of it is tried again by the next round.
      begun.catch(() => undefined);
      await Promise.race([begun, after(patienceMs)]);
    },
  };
}

function after(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms).unref());
}
