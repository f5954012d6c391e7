import type { Db } from "mongodb";
import { isOpen, type Alert } from "./alert";
import { channelsOf } from "./channels";
import type { Figure } from "./figure";
import { alertLetter } from "./outbox/alert-letter";
import { messagesFor } from "./outbox/message";
import { wantedRules } from "./rules/wanted-rules";
import type { AlertSettings } from "./settings";
import { advance } from "./state/advance";
import { announce } from "./state/announce";
import type { AlertStore } from "./store/contract";
import { remember, withStore } from "./store/with-store";

/** What a round came to. */
export interface RoundResult {
  /** Where it was kept: in a file while the database is away. */
  place: "database" | "file";
  open: number;
  /** So many messages are on their way now that were not before. */
  queued: number;
}

/**
 * Judges what was measured: alerts begin, fire, worsen and end, and messages for whoever is to hear of it go into the
 * outbox. Done twice, or stopped anywhere and done again, it comes to the same.
 */
export async function evaluateRound(
  ops: Db,
  figures: readonly Figure[],
  settings: AlertSettings,
  now: Date,
): Promise<RoundResult> {
  return withStore(ops, async (store) => {
    const { alerts, quiet, queued } = await round(store, figures, settings, now);
    const undone = alerts.filter(({ done }) => !done);
    // A folder that cannot be written to costs a precaution, and no round.
    if (store.place === "database") await remember(ops, { alerts: undone, quiet }).catch(() => undefined);
    return { place: store.place, open: alerts.filter(isOpen).length, queued };
  });
}

async function round(store: AlertStore, figures: readonly Figure[], settings: AlertSettings, now: Date) {
  const { environment, monitoring } = settings;
  const rules = wantedRules(monitoring.thresholds);
  const before = await store.undone();
  const known = await store.quiet(now);
  const quiet = { ...known, maintenance: known.maintenance || settings.maintenance === true };
  const release = quiet.releaseInProgress ?? undefined;
  const { begun, changed, dropped } = advance(before, figures, { rules, environment, now, release });
  const kept = await store.begin(begun);
  await store.drop(dropped);
  const alerts = withChanges([...before, ...kept], changed, dropped);
  const patience = { remindMs: monitoring.remindAfter, escalateMs: monitoring.escalateAfter };
  const told = announce(
    alerts.filter(({ done }) => !done),
    { rules, quiet, patience, now },
  );
  const channels = channelsOf(settings);
  const messages = told.announcements.flatMap((announcement, turn) =>
    messagesFor(
      alertLetter(announcement, environment, now),
      { name: `${String(announcement.times).padStart(4, "0")}-${announcement.event}`, turn },
      channels,
      now,
    ),
  );
  // Messages first: who stops in between queues the same ones again, under the same names.
  await store.queue(messages);
  const all = withChanges(alerts, told.changed, []);
  const isNews = new Set([...changed, ...told.changed].map(({ _id }) => _id));
  await store.keep(all.filter(({ _id }) => isNews.has(_id)));
  return { alerts: all, quiet, queued: messages.length };
}

function withChanges(
  alerts: readonly Alert[],
  changed: readonly Alert[],
  dropped: readonly Alert[],
): Alert[] {
  const gone = new Set(dropped.map(({ _id }) => _id));
  const news = new Map(changed.map((alert) => [alert._id, alert]));
  return alerts.filter(({ _id }) => !gone.has(_id)).map((alert) => news.get(alert._id) ?? alert);
}
