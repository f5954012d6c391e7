import type { Db } from "mongodb";
import { rebuildIndex, type Rebuilt } from "../../infra/engines/care";
import { formatSize } from "../../infra/support";
import { Interruption } from "../engine";
import type { DatabaseOptions } from "../named-database";
import { atOperations } from "../operations-database";
import { printResult, Steps, type Terminal } from "../terminal";
import { lookAtDatabase } from "./look";
import { databaseText } from "./text";

export interface IndexesOptions extends DatabaseOptions {
  rebuild?: string;
}

/** Shows indexes, sizes, slow queries and connections; or builds one index anew. */
export async function indexes(options: IndexesOptions, terminal: Terminal): Promise<number> {
  const interruption = new Interruption(terminal.say);
  const { signal } = interruption;
  const { rebuild: name } = options;
  return atOperations(
    options,
    ({ app, ops }) =>
      name === undefined ? look(app, ops, signal, terminal) : rebuild({ app, ops, name, signal }, terminal),
    { appName: "dnd-ops", signal, none: noDatabase },
  ).finally(() => interruption.release());
}

async function look(app: Db, ops: Db, signal: AbortSignal, terminal: Terminal): Promise<number> {
  const seen = await lookAtDatabase(app, ops, signal);
  printResult(terminal, seen, () => databaseText(seen));
  return seen.unfinished.length > 0 ? 1 : 0;
}

interface Wanted {
  app: Db;
  ops: Db;
  name: string;
  signal: AbortSignal;
}

async function rebuild({ app, ops, name, signal }: Wanted, terminal: Terminal): Promise<number> {
  const done = await new Steps(terminal).run(
    "rebuild",
    (progress) => rebuildIndex({ db: app, ops, name, progress, signal }),
    ({ index }) => index,
  );
  printResult(terminal, done, () => rebuiltText(done));
  return 0;
}

function rebuiltText({ index, covering, bytesBefore, bytesAfter, resumed }: Rebuilt): string {
  return [
    `${index} was built anew: ${formatSize(bytesBefore)} before, ${formatSize(bytesAfter)} now.`,
    covering === null
      ? "No other index could stand in for one of its kind."
      : `Meanwhile ${covering} served its queries; it is gone again.`,
    ...(resumed ? ["A run before this one had begun it."] : []),
  ].join("\n");
}

function noDatabase(stack: string) {
  return {
    code: "care-no-database",
    message: `the stack ${stack} has no database yet`,
    remedy: "`dnd up` makes it; or name another one with --uri and --db.",
  };
}
