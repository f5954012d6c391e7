import { z } from "zod";
import { orderEnvironment, type RollbackOrder } from "../../infra/engines/release";
import { policiesAt, refuseMovedClusterAt } from "../operations";
import type { Interruption, OperationEvent, OperationResult, StackEngine, StackPlace } from "../engine";

/** What a rollback is carried out with. */
export interface CarryOut {
  engine: StackEngine;
  place: StackPlace;
  interruption: Pick<Interruption, "signal" | "kill" | "env">;
  /** Where the engine shows what it does; undefined shows nothing. */
  display: NodeJS.WritableStream | undefined;
  color: boolean;
  onEvent?: (event: OperationEvent) => void;
}

/** Carries out an order by an `up` of the stack: the same graph, turned round, under a release number of its own. */
export async function carryOut(order: RollbackOrder, run: CarryOut): Promise<OperationResult> {
  const { engine, place, interruption, display, color, onEvent = () => undefined } = run;
  await refuseMovedClusterAt(engine, place);
  const options = {
    ...{ targets: [], replaces: [], parallel: undefined },
    policyPacks: await policiesAt(place),
    ...{ diff: false, expectNoChanges: false, clearPendingCreates: false },
    message: `rollback of release ${order.rollbackOf} to release ${order.target}: ${order.reason}`,
  };
  const env = {
    ...interruption.env,
    ...orderEnvironment(order),
    DND_RUN_BY: `${engine.name} ${engine.version}`,
  };
  const result = await engine.run("up", place, options, {
    ...{ display, color, onEvent, env },
    ...{ signal: interruption.signal, kill: interruption.kill },
  });
  return result.result === "succeeded" ? believed(order, result) : result;
}

const recorded = z.looseObject({ release: z.looseObject({ digest: z.string() }) });

/** An `up` that ended well has only gone back when the stack says so: a program of another edition knows no orders. */
function believed({ image }: RollbackOrder, result: OperationResult): OperationResult {
  const { data } = recorded.safeParse(result.outputs);
  if (data?.release.digest === image.digest) return result;
  const message = `the stack does not say that it runs ${image.version} now: its program did not carry out the rollback`;
  return {
    ...result,
    result: "failed",
    diagnostics: [...result.diagnostics, { severity: "error", message }],
  };
}
