import {
  Interruption,
  chooseEngine,
  type OperationKind,
  type OperationResult,
  type StackEngine,
  type StackPlace,
} from "../engine";
import { localStackName } from "../local-stack";
import { resolvePlace } from "../stack-place";
import { refuseWrongSettings } from "../stack-settings";
import { confirm, type Terminal } from "../terminal";
import { lossOfDestroy, lossOfUpdate } from "./loss";
import { readOperationOptions, type GivenOptions } from "./options";
import { withinReach } from "./within-reach";

/** Performs an operation from its options to its exit code. */
export async function performOperation(
  kind: OperationKind,
  given: GivenOptions,
  terminal: Terminal,
): Promise<number> {
  const interruption = new Interruption(terminal.say);
  try {
    const { engine, note } = await chooseEngine(given.engine, interruption.kill);
    if (note) terminal.say(note);
    const place = await resolvePlace(given);
    if (kind === "preview" || kind === "up") await refuseWrongSettings(place);
    if (kind === "up") await engine.ensureStack(place);
    const operation = { engine, place, given, terminal, interruption };
    await confirmOperation(kind, operation);
    const result = await withinReach(kind, place, () => runOperation(kind, operation));
    if (terminal.json) terminal.out.write(`${JSON.stringify(result, null, 2)}\n`);
    return { succeeded: 0, failed: 1, interrupted: 130 }[result.result];
  } finally {
    interruption.release();
  }
}

interface Operation {
  engine: StackEngine;
  place: StackPlace;
  given: GivenOptions;
  terminal: Terminal;
  interruption: Interruption;
}

function runOperation(kind: OperationKind, operation: Operation): Promise<OperationResult> {
  const { engine, place, given, terminal, interruption } = operation;
  return engine.run(kind, place, readOperationOptions(given), {
    display: terminal.json ? terminal.err : terminal.out,
    color: terminal.color,
    signal: interruption.signal,
    kill: interruption.kill,
    env: interruption.env,
    onEvent: () => undefined,
  });
}

/** The local stack is the operator's own and an `up` of it loses nothing: it is not asked for. */
async function confirmOperation(kind: OperationKind, operation: Operation): Promise<void> {
  const { given, terminal, interruption, place } = operation;
  const local = place.stack === localStackName;
  if (kind === "preview" || given.yes || (local && kind !== "destroy")) return;
  const loss = await lossOf(kind, operation, local && given.cwd === undefined);
  if (loss === undefined) return;
  const question = { action: `${kind} the stack ${place.stack}`, loss, yes: false };
  await confirm(
    terminal,
    kind === "destroy" ? { ...question, word: place.stack } : question,
    interruption.signal,
  );
}

async function lossOf(
  kind: OperationKind,
  operation: Operation,
  local: boolean,
): Promise<string | undefined> {
  if (kind === "refresh") return "The state would be changed to what is really there.";
  if (kind === "destroy") return lossOfDestroy(await operation.engine.resources(operation.place), local);
  return lossOfUpdate(await runOperation("preview", operation));
}
