import type { DatabaseAddress } from "../../infra/drivers/mongo";
import { formatDuration, OperatorError } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { ok, warning, type Finding } from "./finding";

const what = "snapshot window";
const patienceMs = 10_000;
/** A backup that fills more of it fails on the first day that is slower. */
const atMost = 0.8;

/** Whether the server keeps what was for as long as a backup takes; where either cannot be asked, others say why. */
export async function examineHistory(
  address: DatabaseAddress,
  { enabled, store }: Settings["backup"],
): Promise<Finding[]> {
  if (!enabled) return [];
  const { historyKept } =
    require("../../infra/engines/backup") as typeof import("../../infra/engines/backup");
  try {
    const seen = await historyKept(address, store, AbortSignal.timeout(patienceMs));
    return seen === null ? [] : [historyFinding(seen)];
  } catch (error) {
    if (error instanceof OperatorError || (error instanceof Error && error.name === "TimeoutError"))
      return [];
    throw error;
  }
}

/** Snapshot reads of a backup that takes longer than the server keeps history fail half-way. */
export function historyFinding({ windowMs, lastMs }: { windowMs: number; lastMs: number }): Finding {
  const found = `the server keeps ${formatDuration(windowMs)} of what was, and the last backup took ${formatDuration(lastMs)}`;
  if (lastMs <= windowMs * atMost) return ok(what, found);
  return warning(what, found, "Raise minSnapshotHistoryWindowInSeconds above twice the time of a backup.");
}
