import { performance } from "node:perf_hooks";
import {
  chooseEngine,
  partsOfUrn,
  type OperationEvent,
  type OperationKind,
  type OperationResult,
  type StackEngine,
  type StackPlace,
} from "../engine";
import { policiesAt, refuseMovedClusterAt } from "../operations";
import { resolvePlace } from "../stack-place";
import { refuseWrongSettings } from "../stack-settings";
import type { Abortable } from "./abortable";
import { environmentOf, stackOf, type DeploymentConfig, type DeploymentSurroundings } from "./options";
import type { DeploymentEvent } from "./results";

/** An engine with its stack, ready to run parts of the graph. */
export interface OpenStack {
  engine: StackEngine;
  place: StackPlace;
}

/** The stack of a configuration, made where it does not exist. */
export async function openStack(
  config: DeploymentConfig,
  { engine: wanted = "auto" }: DeploymentSurroundings,
): Promise<OpenStack> {
  const { engine } = await chooseEngine(wanted);
  const place = await resolvePlace({ stack: stackOf(config) });
  await refuseWrongSettings(place);
  await engine.ensureStack(place);
  return { engine, place };
}

interface GraphRun extends OpenStack {
  config: DeploymentConfig;
  abortable: Abortable;
  /** The resources by their names; all of them unless given. */
  only?: readonly string[];
  onEvent: (event: DeploymentEvent) => void;
}

/** Runs the graph of a stack, or the part of it that was named, and tells of each step. */
export async function runGraph(kind: OperationKind, run: GraphRun): Promise<OperationResult> {
  const { engine, place, config, abortable, only = [], onEvent } = run;
  if (kind === "up" && only.length === 0) await refuseMovedClusterAt(engine, place);
  const options = {
    ...{ replaces: [], parallel: undefined, message: "DeploymentManager" },
    // Only what runs the program has anything to be judged.
    policyPacks: kind === "up" || kind === "preview" ? await policiesAt(place) : [],
    ...{ diff: false, expectNoChanges: false, clearPendingCreates: false },
    targets: only.map((name) => `**::${name}`),
  };
  return engine.run(kind, place, options, {
    display: undefined,
    color: false,
    signal: abortable.signal,
    kill: abortable.kill,
    env: { ...abortable.env, ...environmentOf(config), DND_RUN_BY: `${engine.name} ${engine.version}` },
    onEvent: (event) => {
      const told = toldOf(event);
      if (told) onEvent(told);
    },
  });
}

/** An event of an engine in the words of a deployment; undefined where nobody need hear it. */
export function toldOf(event: OperationEvent): DeploymentEvent | undefined {
  const { name: phase } = partsOfUrn(event.urn);
  if (event.kind === "step-started") return { phase, kind: "started" };
  if (event.kind === "progress") return { phase, kind: "progress", message: event.message };
  return { phase, kind: event.failed ? "failed" : "done", duration: event.durationMs };
}

/** What an operation says went wrong; undefined where it went well. */
export function errorOf({ result, diagnostics }: OperationResult): string | undefined {
  if (result === "succeeded") return undefined;
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  return errors.join("\n") || (result === "interrupted" ? "interrupted" : "it failed and gave no reason");
}

/** Milliseconds since a moment of `performance.now()`. */
export function since(started: number): number {
  return Math.round(performance.now() - started);
}
