import { listReleases, noteRecovery, type Recovery } from "../../infra/engines/release";
import { confirmIn } from "../confirm-in";
import type { OperationResult } from "../engine";
import { atOperations } from "../operations-database";
import { carryOut } from "../rollback/carry-out";
import { lossText } from "../rollback/plan-text";
import { resolvePlace } from "../stack-place";
import { engineOf, nowAccepted, type RecoveryRun } from "./from-archive";
import { plannedRecovery, type PlannedRecovery } from "./plan";

const looked = 20;

/** A release with data: safety archive, restore, deployment, verification and record, in the order of the stack's program. */
export async function restoreStep(
  recovery: Recovery,
  run: RecoveryRun,
): Promise<OperationResult | undefined> {
  const { options, terminal, interruption } = run;
  if (await isRestored(recovery, run)) return undefined;
  const planned = await plannedRecovery(recovery.archive, run, recovery.kind);
  const order = {
    ...planned.order,
    reason: reasonOf(recovery, planned),
    acceptedLoss: await acceptedLoss(recovery, planned, run),
  };
  await atOperations(options, ({ ops }) => noteRecovery(ops, recovery.key, "restoring"));
  const engine = await engineOf(run);
  const { stack, configFile } = options;
  const place = await resolvePlace({ stack, ...(configFile !== undefined && { configFile }) });
  const display = terminal.json ? terminal.err : terminal.out;
  const result = await carryOut(order, { engine, interruption, place, display, color: terminal.color });
  if (result.result === "succeeded")
    await atOperations(options, ({ ops }) => noteRecovery(ops, recovery.key, "restored"));
  return result;
}

/** The release itself remembers: whoever was killed after it does not restore a second time. */
async function isRestored({ key }: Recovery, { options }: RecoveryRun): Promise<boolean> {
  const releases = await atOperations(options, ({ ops }) => listReleases(ops, looked));
  return releases.some(({ state, reason }) => state === "done" && reason?.includes(key));
}

function reasonOf({ key }: Recovery, { order }: PlannedRecovery): string {
  return `${order.reason} (recovery ${key})`;
}

/** What was written between the question and the stop is asked for again; a restore that was cut off has written itself. */
async function acceptedLoss(
  recovery: Recovery,
  { plan }: PlannedRecovery,
  run: RecoveryRun,
): Promise<Recovery["acceptedLoss"]> {
  const before = recovery.acceptedLoss;
  if (before === "unknown" || recovery.steps.some(({ name }) => name === "restoring")) return "unknown";
  const { loss } = plan;
  if (loss !== "unknown" && loss <= before) return before;
  const { options, terminal, interruption, environment } = run;
  const more = `More was written before the app had stopped. ${lossText(plan)}`;
  const danger = { action: `recover from ${recovery.archive}`, loss: more };
  await confirmIn(environment, options, danger, terminal, interruption.signal);
  await nowAccepted(recovery, loss, run);
  return loss;
}
