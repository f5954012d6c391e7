import type { Db } from "mongodb";
import { channelsOf, deliverOutbox, evaluateRound, type AlertSettings } from "../../infra/engines/alerts";
import type { Figure } from "../../infra/engines/monitoring";
import type { Site } from "./site";

/** What the monitor needs of alerts: judging figures, and sending what is due. */
export interface Alerting {
  evaluate: (figures: readonly Figure[], at: Date) => Promise<void>;
  deliver: (at: Date) => Promise<void>;
}

/** A channel that hangs must not hold up the looking: what is not through by then goes on beside it. */
const patienceMs = 5000;

/** The alerts of a site, told through the channels of its settings. */
export function alertingOf(site: Site, ops: Db, signal: AbortSignal): Alerting {
  const settings = alertSettingsOf(site);
  const channels = channelsOf(settings);
  let sending: Promise<void> | undefined;
  return {
    evaluate: async (figures, at) => void (await evaluateRound(ops, figures, settings, at)),
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

const minuteMs = 60_000;

/** A database that was named has no channels: its alerts are kept, and seen on the dashboard. */
function alertSettingsOf({ environment, settings }: Site): AlertSettings {
  if (settings) return settings;
  const remindAfter = { warning: 24 * 60 * minuteMs, critical: 60 * minuteMs };
  return { environment, monitoring: { channels: [], thresholds: {}, escalateAfter: null, remindAfter } };
}
