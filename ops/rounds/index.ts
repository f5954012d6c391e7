import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Db } from "mongodb";
import { beat } from "../../infra/engines/monitoring";
import { markdownOf, needsPerson, type RoundReport } from "../../infra/engines/rounds";
import { Interruption } from "../engine";
import type { DatabaseOptions } from "../named-database";
import { namedUri } from "../named-database";
import { atOperations } from "../operations-database";
import { committedSettings, settingsOf } from "../stack-settings";
import { printResult, type Terminal } from "../terminal";
import { openReports } from "./report-folder";
import { rounds, type RoundName } from "./rounds";
import { runRound } from "./run-round";
import type { RoundContext } from "./step";

export { roundNames, type RoundName } from "./rounds";

export interface RoundOptions extends DatabaseOptions {
  store?: string[];
  reports?: string;
  with?: string[];
  again: boolean;
}

/** Makes a round and its report; exit code 1 where a person has something to do. */
export async function performRound(
  round: RoundName,
  options: RoundOptions,
  terminal: Terminal,
): Promise<number> {
  const folder = await openReports(options.reports);
  const interruption = new Interruption(terminal.say);
  try {
    const named = namesOf(options);
    const environment = named.includes("--uri") ? "named" : (await settingsOf(options.stack)).environment;
    const stacks = [...new Set([options.stack, ...(options.with ?? besides(options, named))])];
    const file = `${round}-${new Date().toISOString().slice(0, 10)}-${options.stack}`;
    const context: RoundContext = {
      ...{ options, stacks, named, folder, file, terminal },
      trial: stacks.find((stack) => stack === "staging") ?? options.stack,
      signal: interruption.signal,
      withOps: (work) => withOps(options, work),
    };
    const report = await runRound({
      round,
      environment,
      steps: rounds[round],
      context,
      again: options.again,
    });
    await context
      .withOps((ops) =>
        beat(ops, `round-${round}`, needsPerson(report) ? "something is to be done" : "all well"),
      )
      .catch(() =>
        terminal.say("! the round was not written into the database: whoever watches for it will miss it"),
      );
    show(report, join(folder, `${file}.md`), terminal);
    return needsPerson(report) ? 1 : 0;
  } finally {
    interruption.release();
  }
}

/** Production is never looked at without what is tried before it. */
function besides({ stack }: RoundOptions, named: readonly string[]): string[] {
  return stack === "production" && named.length === 0 && existsSync(committedSettings("staging"))
    ? ["staging"]
    : [];
}

/** What names a database and a store, as other commands are given it; the address itself stays in the environment. */
function namesOf({ store = [], ...options }: RoundOptions): string[] {
  const uri = namedUri(options);
  return [
    ...(uri === undefined ? [] : ["--uri", uri]),
    ...(options.db === undefined ? [] : ["--db", options.db]),
    ...store.flatMap((one) => ["--store", one]),
  ];
}

function withOps<T>(options: RoundOptions, work: (ops: Db, app: Db) => Promise<T>): Promise<T> {
  return atOperations(options, ({ ops, app }) => work(ops, app), { appName: "dnd-round", none: noDatabase });
}

function noDatabase(stack: string) {
  return {
    code: "round-no-database",
    message: `the stack ${stack} has no database yet`,
    remedy: "`dnd up` makes it; or name another one with --uri and --db.",
  };
}

function show(report: RoundReport, file: string, terminal: Terminal): void {
  printResult(terminal, { ...report, needsPerson: needsPerson(report), file }, () => markdownOf(report));
  terminal.say(`the report is ${file}`);
}
