import { holdVariable, noteRecovery, overrideMachines, type Recovery } from "../../infra/engines/release";
import type { OperationResult } from "../engine";
import { atOperations } from "../operations-database";
import { runUp } from "../run-up";
import { engineOf, type RecoveryRun } from "./from-archive";

const dayMs = 24 * 3_600_000;

/** Nobody writes any more: the override is written first, so that no other `up` brings the machines back meanwhile. */
export async function stopStep(recovery: Recovery, run: RecoveryRun): Promise<OperationResult | undefined> {
  const { options, terminal, interruption } = run;
  if (recovery.steps.some(({ name }) => name === "restored")) return undefined;
  const reason = `recovery from ${recovery.archive}`;
  await atOperations(options, ({ ops }) =>
    overrideMachines(ops, { count: 0, reason, expires: new Date(Date.now() + dayMs) }),
  );
  const { stack, configFile } = options;
  const env = { [holdVariable]: "true" };
  const engine = await engineOf(run);
  const result = await runUp({ stack, configFile, engine, interruption, terminal, message: reason, env });
  if (result.result === "succeeded")
    await atOperations(options, ({ ops }) => noteRecovery(ops, recovery.key, "stopped"));
  return result;
}
