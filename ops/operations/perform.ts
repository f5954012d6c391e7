import {
  Interruption,
  chooseEngine,
  exitCodeOf,
  type OperationKind,
  type OperationResult,
  type StackEngine,
  type StackPlace,
} from "../engine";
import { messageOf, OperatorError, projectRoot } from "../../infra/support";
import { overrideVariable } from "../../stacks/promotion-settings";
import type { Settings } from "../../stacks/settings";
import { endCutOff } from "../end-cut-off";
import { whileShown } from "../pipeline";
import { localStackName } from "../local-stack";
import type { ReportForm } from "../preview-report";
import type { Undone } from "../rollback/undo-failed";
import { resolvePlace } from "../stack-place";
import { settingsAt } from "../stack-settings";
import { confirm, type Terminal } from "../terminal";
import { traceReleases } from "../trace-releases";
import { toldOfBegunCluster } from "./begun-cluster";
import { deployTimeout } from "./deploy-timeout";
import { defaultPolicies } from "./default-policies";
import { lossOfDestroy, lossOfUpdate } from "./loss";
import { refuseMovedCluster } from "./moved-cluster";
import { refuseProtected } from "./protected";
import { readOperationOptions, type GivenOptions } from "./options";
import { withinReach } from "./within-reach";

/** Performs an operation from its options to its exit code. */
export async function performOperation(
  kind: OperationKind,
  given: GivenOptions,
  terminal: Terminal,
): Promise<number> {
  const limitMs = kind === "up" ? deployTimeout(process.env) : undefined;
  const interruption = new Interruption((line) => terminal.say(line));
  let limit: NodeJS.Timeout | undefined;
  try {
    const { engine, note } = await chooseEngine(given.engine, interruption.kill);
    if (note) terminal.say(note);
    const place = await resolvePlace(given);
    const settings = kind === "preview" || kind === "up" ? await settingsAt(place) : undefined;
    if (kind === "up") await engine.ensureStack(place);
    if (kind === "up" && settings)
      await refuseMovedCluster({ engine, place, settings, confirmed: given.giveUpCluster });
    const policyPack = given.policyPack ?? (settings && defaultPolicies(settings)) ?? [];
    if (kind === "destroy" && place.projectDir === projectRoot && given.target === undefined)
      refuseProtected(place.stack, await engine.resources(place));
    const { signal } = interruption;
    const begun =
      kind === "up" && settings
        ? await toldOfBegunCluster({ engine, place, settings, signal, say: terminal.say })
        : {};
    const operation = { engine, place, given: { ...given, policyPack }, terminal, interruption, begun };
    await confirmOperation(kind, operation);
    const since = new Date();
    limit = limited(limitMs, interruption, terminal);
    const result = await withinReach(kind, place, () => runOperation(kind, operation));
    if (settings && result.result === "failed") await tellWayOn(operation, settings);
    if (kind === "up" && settings) await endCutOff(result, { ...given, since, say: terminal.say });
    // Taking back what failed is a run of its own, which leaves word of its own.
    const { told } = interruption;
    const undone = kind === "up" && result.result === "failed" ? await undo(operation, since) : undefined;
    if (kind === "up" && settings) await announce(operation, { settings, since, undone });
    if (kind === "up" && place.projectDir === projectRoot)
      await traceReleases({ stack: place.stack, since, say: terminal.say });
    if (given.report && settings) await tellReport(given.report, result, given, settings, terminal);
    else if (terminal.json) terminal.out.write(`${JSON.stringify({ ...result, undone }, null, 2)}\n`);
    return exitCodeOf(result, told);
  } catch (error) {
    if (given.report && error instanceof OperatorError) {
      const { refusedReport, reportText } =
        require("../preview-report") as typeof import("../preview-report");
      terminal.out.write(`${reportText(refusedReport(given.stack, error), given.report)}\n`);
    }
    throw error;
  } finally {
    clearTimeout(limit);
    interruption.release();
  }
}

/** What a person asks before saying yes, in place of what the engine has shown. */
async function tellReport(
  form: ReportForm,
  result: OperationResult,
  given: GivenOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  const { previewReport, reportText } = require("../preview-report") as typeof import("../preview-report");
  terminal.out.write(`${reportText(await previewReport(result, given, settings), form)}\n`);
}

/** Engines know that a stack is missing, and not what this one wants of it. */
async function tellWayOn({ engine, given, terminal }: Operation, settings: Settings): Promise<void> {
  const { wayPastMissingStack } = require("./stack-before") as typeof import("./stack-before");
  const way = await wayPastMissingStack(engine, settings, given.overridePromotion);
  if (way !== undefined) terminal.say(way);
}

/** After so many milliseconds it stops at the next safe point. */
function limited(
  ms: number | undefined,
  interruption: Interruption,
  terminal: Terminal,
): NodeJS.Timeout | undefined {
  if (ms === undefined) return undefined;
  return setTimeout(() => {
    terminal.say(`DEPLOY_TIMEOUT: ${ms} ms are over`);
    interruption.interrupt();
  }, ms);
}

/** A failed release of this project's own stacks does not stay half done; why it could not be undone is told beside it. */
async function undo(operation: Operation, since: Date): Promise<Undone | undefined> {
  const { engine, place, given, terminal, interruption } = operation;
  const nothingBegan = interruption.told === "refused" || interruption.told === "locked";
  if (place.projectDir !== projectRoot || nothingBegan) return undefined;
  const { undoFailed, undoneText } =
    require("../rollback/undo-failed") as typeof import("../rollback/undo-failed");
  const shown = { display: terminal.json ? terminal.err : terminal.out, color: terminal.color };
  const wanted = { engine, place, interruption, stack: given.stack, since, say: terminal.say, ...shown };
  try {
    const undone = await undoFailed(wanted);
    if (undone) terminal.say(undoneText(undone));
    return undone;
  } catch (error) {
    terminal.say(`! what the release left behind was not taken back: ${messageOf(error)}`);
    terminal.say(
      `  When that is mended, \`dnd up --stack ${given.stack}\` goes on, and \`dnd rollback full --stack ${given.stack}\` goes back.`,
    );
    return undefined;
  }
}

/** Those who wait for the release are told what came of it; that never fails the release itself. */
async function announce(
  { place: { stack }, terminal: { say } }: Operation,
  made: { settings: Settings; since: Date; undone: Undone | undefined },
): Promise<void> {
  if (made.settings.monitoring.channels.length === 0) return;
  const { announceUp } = require("../alerts/announce-up") as typeof import("../alerts/announce-up");
  await announceUp({ stack, say, ...made });
}

interface Operation {
  engine: StackEngine;
  place: StackPlace;
  given: GivenOptions;
  terminal: Terminal;
  interruption: Interruption;
  /** What the program is told of this run alone. */
  begun: Record<string, string>;
}

async function runOperation(kind: OperationKind, operation: Operation): Promise<OperationResult> {
  const { engine, place, given, terminal, interruption } = operation;
  // A preview is read for what the engine says of each property; the list is of work that is done.
  const detailed = kind !== "up" || given.diff === true || place.projectDir !== projectRoot;
  const title = `${kind} ${place.stack}`;
  const wanted = { title, detailed, ...(given.report && { out: terminal.err }) };
  return whileShown(terminal, wanted, ({ display, onEvent }) =>
    engine.run(kind, place, readOperationOptions(given), {
      ...{ display, onEvent, color: terminal.color },
      signal: interruption.signal,
      kill: interruption.kill,
      env: {
        ...interruption.env,
        ...operation.begun,
        DND_RUN_BY: `${engine.name} ${engine.version}`,
        ...(given.overridePromotion !== undefined && { [overrideVariable]: given.overridePromotion }),
      },
    }),
  );
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
