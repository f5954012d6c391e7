import type { Db } from "mongodb";
import {
  announceReleases,
  channelsOf,
  deliverOutbox,
  evaluateRound,
  type AlertSettings,
} from "../../infra/engines/alerts";
import type { Figure } from "../../infra/engines/monitoring";
import { readableChannels, settingsOfEnvironment } from "../alerts";
import type { Site } from "./site";

/** What the monitor needs of alerts: judging figures, and sending what is due. */
export interface Alerting {
  evaluate: (figures: readonly Figure[], at: Date) => Promise<void>;
  deliver: (at: Date) => Promise<void>;
}

/** Releases that began before are no news. */
const newsForMs = 60 * 60_000;

/** The alerts of a site. */
export async function alertingOf(site: Site, ops: Db): Promise<Alerting> {
  const { environment } = site;
  const { monitoring } = site.settings ?? settingsOfEnvironment();
  const settings: AlertSettings = { environment, monitoring };
  const channels = channelsOf(readableChannels(monitoring.channels));
  return {
    async evaluate(figures, at) {
      await evaluateRound(ops, figures, settings, at);
      await announceReleases(ops, settings, new Date(at.getTime() - newsForMs), at);
    },
    async deliver() {
      const sent = await deliverOutbox(ops, channels);
      const [failed] = sent.filter(({ outcome }) => outcome !== "delivered");
      if (failed) throw new Error(`${failed.channel}: ${failed.detail}`);
    },
  };
}
