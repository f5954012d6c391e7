import { messageOf, OperatorError } from "../../infra/support";
import type { CommonOptions } from "../command";
import { journalAddress, journalName } from "./address";
import { beginEntry, type AuditEntry } from "./entry";
import { dropPending, keepPending } from "./pending";
import { redactText } from "./redact";

export interface AuditedCommand {
  name: string;
  /** As typed, behind the command's name. */
  argv: readonly string[];
  options: CommonOptions;
}

/** Runs a command that can change something and writes down who ran it and how it ended; never makes it fail. */
export async function audited(command: AuditedCommand, work: () => Promise<number>): Promise<number> {
  const { name, argv, options } = command;
  const entry = beginEntry(name, argv, journalName(options));
  const file = attempt(() => keepPending(entry));
  const ahead = setTimeout(loadHandIn, aheadMs).unref();
  try {
    const code = await work();
    await end(command, { ...entry, outcome: { code } });
    return code;
  } catch (error) {
    const code = codeOf(error);
    if (code === wrongUsage) attempt(() => file !== undefined && dropPending(file));
    else await end(command, { ...entry, outcome: { code, error: firstLine(error) } });
    throw error;
  } finally {
    clearTimeout(ahead);
  }
}

const wrongUsage = 2;
/** By then a command that changes something waits for others, and has time for the database's driver. */
const aheadMs = 1200;

const loadHandIn = () => require("./hand-in") as typeof import("./hand-in");

async function end({ options }: AuditedCommand, entry: AuditEntry): Promise<void> {
  attempt(() => keepPending({ ...entry, endedAt: new Date() }));
  await loadHandIn().handIn(entry.stack, () => journalAddress(options));
}

function firstLine(error: unknown): string {
  return redactText(messageOf(error).split("\n")[0] ?? "");
}

function codeOf(error: unknown): number {
  if (error instanceof OperatorError) return error.exitCode;
  return error instanceof Error && error.name === "AbortError" ? 130 : 1;
}

/** A disk that is full must not keep anybody from mending it. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
