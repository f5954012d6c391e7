import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { waitFor } from "../../../infra/support";
import type { DatabaseGate } from "../../harness/database-gate";

export const steps = [
  "preflight",
  "backup",
  "expand",
  "deployment",
  "verification",
  "contract",
  "record",
] as const;

export type Step = (typeof steps)[number];

/** What only this step says to the database, by the marks of the migrations that are pending. */
function wordsOf(step: Exclude<Step, "deployment">, lane: number): string[] {
  const words = {
    preflight: ["insert", "releases", "documentVersion"],
    backup: ["atClusterTime"],
    expand: [`expandMark${lane}`],
    verification: ["$sample", "$nor"],
    contract: [`contractMark${lane}`],
    record: ["update", "releases", "schema.after"],
  };
  return words[step];
}

/** Waits for the moment at which a step of the running command is at work, with everything held back that it says to the database. */
export async function momentOf(
  step: Step,
  lane: number,
  { gate, folder, signal }: { gate: DatabaseGate; folder: string; signal: AbortSignal },
): Promise<void> {
  if (step !== "deployment") return gate.strikeAt(wordsOf(step, lane), signal);
  const what = "a machine to be started";
  await waitFor(() => startsMachines(folder), { what, timeoutMs: 240_000, intervalMs: 10, signal });
}

async function startsMachines(folder: string): Promise<true | undefined> {
  const text = await readFile(join(folder, "machines", "update.json"), "utf8").catch(() => "{}");
  try {
    return (JSON.parse(text) as { started?: string[] }).started?.length ? true : undefined;
  } catch {
    return undefined;
  }
}
