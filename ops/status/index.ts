import { setTimeout as sleep } from "node:timers/promises";
import { parseDuration } from "../../infra/support";
import { usageOf } from "../actions";
import { Interruption } from "../engine";
import { placeOf } from "../backup";
import type { DatabaseOptions } from "../named-database";
import { printResult, readerGone, type Terminal } from "../terminal";
import { lookAtApp } from "./app-state";
import { lookAtArchives } from "./archives";
import { lookAtDatabase, type DatabaseStatus } from "./database";
import { statusText, type Status } from "./text";

export interface StatusOptions extends DatabaseOptions {
  store?: string[];
  environment?: string;
  watch: boolean;
  every: string;
}

const clearScreen = "\x1b[2J\x1b[H";

/** What runs now, what it remembers, and what would be lost; exit code 1 where something needs a person. */
export async function status(options: StatusOptions, terminal: Terminal): Promise<number> {
  const pauseMs = pauseOf(options);
  if (!options.watch) return show(await look(options), terminal);
  const interruption = new Interruption(terminal.say);
  const signal = AbortSignal.any([interruption.signal, readerGone(terminal)]);
  try {
    for (let code = 0; ;) {
      const seen = await look(options);
      if (signal.aborted) return code;
      if (terminal.interactive && !terminal.json) terminal.out.write(clearScreen);
      code = show(seen, terminal);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    interruption.release();
  }
}

function pauseOf({ every }: StatusOptions): number {
  const pause = parseDuration(every);
  if (pause !== undefined && pause >= 100) return pause;
  throw usageOf("status")(`--every ${every} is no pause such as 2s or 1m`);
}

async function look(options: StatusOptions): Promise<Status> {
  const place = await placeOf({ ...options, action: "list" });
  const looking = lookAtDatabase(options, place);
  const override = looking.then(({ operations }) => machinesWanted(operations));
  const [app, database] = await Promise.all([
    place.settings ? lookAtApp(options.stack, place.settings, override) : null,
    looking,
  ]);
  const archives = await lookAtArchives(place, database.documentBytes);
  const problems = [...(app?.problems ?? []), ...database.problems, ...archives.problems];
  return { stack: place.settings ? options.stack : null, app, database, archives, problems };
}

function machinesWanted({ overrides }: DatabaseStatus["operations"]): number | undefined {
  return overrides.find(({ kind }) => kind === "machines")?.count ?? undefined;
}

function show(seen: Status, terminal: Terminal): number {
  printResult(terminal, seen, () => statusText(seen));
  return seen.problems.length > 0 ? 1 : 0;
}
