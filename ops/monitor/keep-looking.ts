import type { Db } from "mongodb";
import { setTimeout as sleep } from "node:timers/promises";
import { formatDuration, messageOf } from "../../infra/support";
import type { Terminal } from "../terminal";
import { backupWork, whyNoBackups } from "./backup-work";
import { CommitTimes } from "./commit-times";
import type { MonitorOptions, Wanted } from "./options";
import { pagesOf } from "./pages";
import { makeRound, type RoundWish } from "./round";
import { ScheduledBackup } from "./scheduled-backup";
import { serve } from "./server";
import type { Site } from "./site";

export interface Service {
  options: MonitorOptions;
  site: Site;
  wanted: Wanted;
  round: RoundWish;
  database: Db;
  terminal: Terminal;
}

/** Makes round after round and answers about them, until it is told to stop. */
export async function keepLooking(service: Service): Promise<number> {
  const { options, site, wanted, round, database, terminal } = service;
  const { state, ops, signal, say } = round;
  const pages = pagesOf({
    ...{ site, database, ops, state, say },
    committedAt: new CommitTimes().of,
    stopping: signal,
  });
  const server = await serve(pages, wanted);
  const every = formatDuration(wanted.intervalMs);
  terminal.say(`monitoring ${site.environment} every ${every}: http://${wanted.host}:${server.port}`);
  const backup = new ScheduledBackup(site, ops, backupWork(options, terminal.say), terminal.say);
  const homeless = whyNoBackups();
  if (homeless !== undefined) terminal.say(`! ${homeless}`);
  const turn = takeTurns(round);
  try {
    while (!signal.aborted) {
      const began = performance.now();
      await makeRound(round, new Date());
      if (homeless === undefined)
        await backup.beginWhenDue(state.standing, new Date()).catch((error: unknown) => {
          say(`! the schedule of backups cannot be read: ${messageOf(error)}`);
        });
      await turn.rest(wanted.intervalMs - (performance.now() - began));
    }
  } finally {
    turn.end();
    await backup.finished();
    await server.close();
  }
  return 0;
}

const renewMs = 10_000;

/** Between two rounds the lease is asked for more often, and whoever gets it begins at once: a second one leads within a minute. */
function takeTurns({ leadership, ops, state, signal }: RoundWish) {
  let wake = new AbortController();
  const ask = async (): Promise<void> => {
    const before = state.standing.leads;
    state.standing = await leadership.renew(ops);
    if (!before && state.standing.leads) wake.abort();
  };
  const timer = setInterval(() => void ask(), renewMs);
  return {
    rest: async (ms: number): Promise<void> => {
      wake = new AbortController();
      const woken = AbortSignal.any([wake.signal, signal]);
      await sleep(Math.max(0, ms), undefined, { signal: woken }).catch(() => undefined);
    },
    end: () => clearInterval(timer),
  };
}
