import { isAbsolute } from "node:path";
import { listDescribed } from "../../infra/engines/backup";
import { formatDuration, localFolder, messageOf, OperatorError, parseDuration } from "../../infra/support";
import { Interruption } from "../engine";
import type { DatabaseOptions } from "../named-database";
import { settingsWithStore } from "../stack-store";
import { printResult, table, type Terminal } from "../terminal";
import { ThrowAwayCopy } from "./copy";
import { rehearse } from "./rehearse";
import { begun, keepScore, type Drill } from "./score";
import { judged } from "./targets";

export interface DrillOptions extends DatabaseOptions {
  backup?: string;
  within?: string;
  configFile?: string;
}

/** Rehearses the worst on a throw-away copy of the stack's data; exit code 1 where it took longer than the runbook gives. */
export async function drill(options: DrillOptions, terminal: Terminal): Promise<number> {
  const within = withinOf(options);
  const interruption = new Interruption(terminal.say);
  const copy = new ThrowAwayCopy(terminal.say);
  try {
    const settings = await settingsWithStore(options.stack, options.configFile);
    const { store } = settings.backup;
    const filter = { database: settings.database.name, environment: settings.environment };
    const [newest] = options.backup ? [{ id: options.backup }] : await listDescribed(store, filter);
    if (!newest) throw nothingToRehearse(options.stack, store);
    let score = begun(options.stack, newest.id, new Date());
    try {
      await copy.open(settings, interruption.signal);
      const measures = judged(
        await rehearse(copy, { store: placeOf(store), id: newest.id }, interruption.signal),
        within,
      );
      score = { ...score, measures, ok: measures.every(({ ok }) => ok) };
    } catch (error) {
      score = { ...score, error: messageOf(error) };
      throw error;
    } finally {
      await keepScore(score, options, terminal);
    }
    printResult(terminal, score, () => scoreText(score));
    return score.ok ? 0 : 1;
  } finally {
    await copy.close();
    interruption.release();
  }
}

/** A folder in the settings is one of this stack's own; the copy's own is another. */
function placeOf(store: string): string {
  return /^\w+:\/\//.test(store) || isAbsolute(store) ? store : localFolder(store);
}

function withinOf({ within }: DrillOptions): number | undefined {
  if (within === undefined) return undefined;
  const ms = parseDuration(within);
  if (ms !== undefined) return ms;
  throw new OperatorError({
    code: "usage",
    kind: "usage",
    message: `--within "${within}" is no time`,
    remedy: "Give a time such as 5m.",
  });
}

function nothingToRehearse(stack: string, store: string): OperatorError {
  return new OperatorError({
    code: "drill-no-archive",
    kind: "refused",
    message: `${store} has no archive of the stack ${stack}: there is nothing to rehearse with`,
    remedy: "`dnd backup create` takes one.",
  });
}

function scoreText({ measures, ok, archive }: Drill): string {
  const rows = measures.map(({ name, what, durationMs, targetMs, ok: fast }) => [
    fast ? "ok" : "LATE",
    name,
    `${formatDuration(durationMs)} of ${formatDuration(targetMs)}`,
    what,
  ]);
  return `${table(rows)}\nthe drill with ${archive} was ${ok ? "within its targets" : "too slow"}`;
}
