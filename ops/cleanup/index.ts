import { resolve } from "node:path";
import type { DatabaseAddress } from "../../infra/drivers/mongo";
import { formatSize, localFolder, messageOf, OperatorError } from "../../infra/support";
import { chosenDatabase } from "../chosen-database";
import { localStackName } from "../local-stack";
import type { DatabaseOptions } from "../named-database";
import { namedUri } from "../named-database";
import { confirm, printResult, table, type Terminal } from "../terminal";
import { oldArchives } from "./archives";
import type { CleanupContext } from "./context";
import { oldImages } from "./images";
import { oldIncidents } from "./incidents";
import type { CleanupItem, CleanupPart } from "./item";
import { staleMachines } from "./machines";
import { oldReports } from "./reports";

export interface CleanupOptions extends DatabaseOptions {
  store?: string[];
  reports?: string;
  apply: boolean;
}

type Outcome = CleanupItem & { outcome: "would go" | "gone" | "failed"; problem: string | null };

/** Shows what nobody needs any more, and with `--apply` removes it; exit code 1 where something could not be removed. */
export async function cleanup(options: CleanupOptions, terminal: Terminal): Promise<number> {
  const context = contextOf(options, terminal);
  const { address, note } = await databaseOf(options);
  const parts = [
    await oldArchives(context),
    await oldImages(context),
    await staleMachines(context),
    await oldIncidents(address, context.now),
    await oldReports(context),
  ];
  const items = parts.flatMap((part) => part.items);
  if (options.apply && items.length > 0)
    await confirm(terminal, {
      action: `remove these ${items.length} things`,
      loss: planText(items.map((item) => ({ ...item, outcome: "would go", problem: null }))),
      ...(options.stack === localStackName ? {} : { word: options.stack }),
      yes: options.yes,
    });
  const outcomes = (await Promise.all(parts.map((part) => carryOut(part, options.apply)))).flat();
  const notes = [...parts.flatMap((part) => part.notes), ...(note === null ? [] : [note])];
  printResult(terminal, { applied: options.apply, items: outcomes, notes }, () =>
    [planText(outcomes), ...notes].join("\n"),
  );
  if (!options.apply && items.length > 0) terminal.say("`dnd ops cleanup --apply` removes them");
  return outcomes.some(({ outcome }) => outcome === "failed") ? 1 : 0;
}

function contextOf({ store = [], reports, ...options }: CleanupOptions, terminal: Terminal): CleanupContext {
  const uri = namedUri(options);
  return {
    stack: options.stack,
    named: [
      ...(uri === undefined ? [] : ["--uri", uri]),
      ...(options.db === undefined ? [] : ["--db", options.db]),
      ...store.flatMap((one) => ["--store", one]),
    ],
    reports: reports === undefined ? localFolder("reports") : resolve(reports),
    now: new Date(),
    terminal,
  };
}

/** Files can be cleaned up without a database. */
async function databaseOf(
  options: DatabaseOptions,
): Promise<{ address: DatabaseAddress | null; note: string | null }> {
  try {
    return { address: (await chosenDatabase(options)).address, note: null };
  } catch (error) {
    if (!(error instanceof OperatorError) || error.kind === "usage") throw error;
    return { address: null, note: `incidents: ${error.message.split("\n")[0] ?? ""}` };
  }
}

async function carryOut({ items, remove }: CleanupPart, apply: boolean): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const item of items) {
    if (!apply) outcomes.push({ ...item, outcome: "would go", problem: null });
    else
      outcomes.push(
        await remove(item).then(
          () => ({ ...item, outcome: "gone" as const, problem: null }),
          (error: unknown) => ({ ...item, outcome: "failed" as const, problem: messageOf(error) }),
        ),
      );
  }
  return outcomes;
}

function planText(items: readonly Outcome[]): string {
  if (items.length === 0) return "there is nothing to clean up";
  return table(
    items.map(({ outcome, kind, id, bytes, why, problem }) => [
      ...[outcome, kind, id, bytes === null ? "" : formatSize(bytes)],
      problem ?? why,
    ]),
  );
}
