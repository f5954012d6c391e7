import { atDatabase } from "../../infra/drivers/mongo";
import { OperatorError } from "../../infra/support";
import type { DatabaseOptions } from "../named-database";
import { sinceOf } from "../since";
import { printResult, table, type Terminal } from "../terminal";
import { journalName } from "./address";
import type { AuditEntry } from "./entry";
import { handIn } from "./hand-in";
import { countPending, endedPending } from "./pending";
import { auditEntries } from "./read";

export interface AuditOptions extends DatabaseOptions {
  since: string;
  until?: string;
  who?: string;
  command?: string;
  failed: boolean;
}

/** Who did what: from the database, and from the files of this computer that no database has yet. */
export async function showAudit(options: AuditOptions, terminal: Terminal): Promise<number> {
  const since = sinceOf(options.since);
  const until = options.until === undefined ? undefined : sinceOf(options.until, "--until");
  const { known, why } = await knownOf(options, { since, ...(until && { until }) });
  const entries = known.filter((entry) => isWanted(entry, options));
  const unsent = countPending();
  printResult(terminal, { entries, unsent, database: why ?? "asked" }, () => auditText(entries));
  if (why !== undefined)
    terminal.say(`! ${why.replace(/\.$/, "")}: this is only what this computer has kept by itself`);
  else if (unsent > 0)
    terminal.say(`! ${unsent} entries of commands that still run, or of other stacks, wait on this computer`);
  return 0;
}

async function knownOf(
  options: AuditOptions,
  wanted: { since: Date; until?: Date },
): Promise<{ known: AuditEntry[]; why?: string }> {
  const { chosenDatabase } = require("../chosen-database") as typeof import("../chosen-database");
  try {
    const { address } = await chosenDatabase(options);
    if (!address) throw noDatabase(options.stack);
    await handIn(journalName(options), () => Promise.resolve(address));
    const known = await atDatabase(address, "migration", { appName: "dnd-audit" }, ({ ops }) =>
      auditEntries(ops, wanted),
    );
    return { known };
  } catch (error) {
    if (!(error instanceof OperatorError) || error.kind !== "failed") throw error;
    const here = endedPending(journalName(options)).map(({ entry }) => entry);
    const known = here.filter(({ at }) => at >= wanted.since && (!wanted.until || at < wanted.until));
    return { known, why: error.message.split("\n")[0] ?? "the database does not answer" };
  }
}

function noDatabase(stack: string): OperatorError {
  return new OperatorError({
    code: "audit-no-database",
    message: `the stack ${stack} has no database yet`,
    remedy: "`dnd up` makes it.",
  });
}

function isWanted({ who, command, outcome }: AuditEntry, options: AuditOptions): boolean {
  return (
    (options.who === undefined || who === options.who) &&
    (options.command === undefined || command === options.command.split(" ")[0]) &&
    (!options.failed || outcome?.code !== 0)
  );
}

function outcomeText(outcome: AuditEntry["outcome"]): string {
  if (outcome === null) return "runs";
  if (outcome.code === null) return "cut off";
  return outcome.code === 0 ? "done" : `failed ${outcome.code}`;
}

function auditText(entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return "nothing was done";
  return table(
    entries.map(({ at, who, host, from, stack, command, arguments: words, outcome }) => [
      at.toISOString().slice(0, 19).replace("T", " "),
      outcomeText(outcome),
      who,
      `${host}, ${from}`,
      stack,
      ["dnd", command, ...words].join(" ") + (outcome?.error === undefined ? "" : `: ${outcome.error}`),
    ]),
  );
}
