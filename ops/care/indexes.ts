import type { Db } from "mongodb";
import { connect, opsDatabaseName } from "../../infra/drivers/mongo";
import { rebuildIndex, type Rebuilt } from "../../infra/engines/care";
import { formatSize, OperatorError } from "../../infra/support";
import { chosenDatabase } from "../chosen-database";
import { Interruption } from "../engine";
import type { DatabaseOptions } from "../named-database";
import { printResult, Steps, type Terminal } from "../terminal";
import { lookAtDatabase } from "./look";
import { databaseText } from "./text";

export interface IndexesOptions extends DatabaseOptions {
  rebuild?: string;
}

/** Shows indexes, sizes, slow queries and connections; or builds one index anew. */
export async function indexes(options: IndexesOptions, terminal: Terminal): Promise<number> {
  const { address } = await chosenDatabase(options);
  if (!address) throw noDatabase(options.stack);
  const interruption = new Interruption(terminal.say);
  const { signal } = interruption;
  const client = await connect(address, "migration", { appName: "dnd-ops", signal });
  try {
    const [app, ops] = [client.db(address.name), client.db(opsDatabaseName(address.name))];
    if (options.rebuild !== undefined)
      return await rebuild({ app, ops, name: options.rebuild, signal }, terminal);
    const seen = await lookAtDatabase(app, ops, signal);
    printResult(terminal, seen, () => databaseText(seen));
    return seen.unfinished.length > 0 ? 1 : 0;
  } finally {
    interruption.release();
    await client.close();
  }
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

function noDatabase(stack: string): OperatorError {
  return new OperatorError({
    code: "care-no-database",
    kind: "refused",
    message: `the stack ${stack} has no database yet`,
    remedy: "`dnd up` makes it; or name another one with --uri and --db.",
  });
}
