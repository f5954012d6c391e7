import type { Db } from "mongodb";
import { channelsOf } from "../channels";
import { bounded, type Letter, type ReleaseEvent } from "../outbox/letter";
import { messagesFor } from "../outbox/message";
import type { AlertSettings } from "../settings";
import { withStore } from "../store/with-store";

/** Something that a release came to. */
export interface ReleaseNews {
  release: number;
  event: ReleaseEvent;
  /** What tells it from other news of the same release: told twice it is told once. */
  name: string;
  title: string;
  lines: string[];
  commit?: string | undefined;
  at: Date;
}

/** Queues what a release came to for every channel; in Slack all of one release is a thread where a token is given. */
export async function announceRelease(
  ops: Db,
  settings: AlertSettings,
  news: readonly ReleaseNews[],
  now = new Date(),
): Promise<void> {
  const channels = channelsOf(settings);
  const messages = news.flatMap((one, turn) =>
    messagesFor(releaseLetter(one, settings.environment), { name: one.name, turn }, channels, now),
  );
  await withStore(ops, (store) => store.queue(messages));
}

function releaseLetter(
  { release, event, title, lines, commit, at }: ReleaseNews,
  environment: string,
): Letter {
  return bounded({
    about: "release",
    event,
    level: event === "failed" || event === "step-failed" ? "critical" : event === "undone" ? "warning" : null,
    ...{ title, lines, environment, at, release },
    thread: `${environment}/release-${release}`,
    ...(commit !== undefined && { commit }),
  });
}
