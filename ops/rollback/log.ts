import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RollbackOrder, RollbackPlan } from "../../infra/engines/release";
import { localFolder } from "../../infra/support";
import type { OperationResult } from "../engine";

/** Keeps what a rollback was about and what came of it, and says where. */
export async function writeLog(
  order: RollbackOrder,
  plan: RollbackPlan,
  { result, engine, changeSummary, diagnostics, duration }: OperationResult,
): Promise<string> {
  const folder = localFolder("logs");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = new Date().toISOString();
  const file = join(folder, `rollback-${at.replace(/[:.]/g, "-")}.json`);
  const kept = { at, order, plan, result, engine, changeSummary, diagnostics, durationMs: duration / 1e6 };
  await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  return file;
}
