import type { Progress } from "../../infra/support";
import type { OperationKind, OperationResult, StackEngine, StackPlace } from "../engine";
import { refuseWrongSettings } from "../stack-settings";
import { follow } from "./follow";
import type { LocalRun } from "./local-run";

/** An operation as one step of `npm start` or `npm stop`: without the engine's own display. */
export async function operate(
  { interruption, terminal }: LocalRun,
  engine: StackEngine,
  kind: OperationKind,
  place: StackPlace,
  progress: Progress,
): Promise<OperationResult> {
  if (kind === "up") await refuseWrongSettings(place);
  const options = {
    targets: [],
    replaces: [],
    parallel: undefined,
    diff: false,
    expectNoChanges: false,
    policyPacks: [],
    clearPendingCreates: false,
    message: kind === "up" ? "npm start" : "npm stop",
  };
  return engine.run(kind, place, options, {
    display: undefined,
    color: false,
    signal: interruption.signal,
    kill: interruption.kill,
    env: { ...interruption.env, DND_RUN_BY: `${engine.name} ${engine.version}` },
    onEvent: follow(terminal, progress),
  });
}
