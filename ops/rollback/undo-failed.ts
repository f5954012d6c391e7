import { planRollback, type RollbackFacts, type RollbackPlan } from "../../infra/engines/release";
import type { DatabaseAddress } from "../../infra/drivers/mongo";
import { OperatorError } from "../../infra/support";
import type { OperationResult } from "../engine";
import { settingsWithStore } from "../stack-store";
import { carryOut, type CarryOut } from "./carry-out";
import { gatherFacts } from "./facts";
import { writeLog } from "./log";
import { noDatabaseYet } from "./operations";
import type { RollbackOptions } from "./options";
import { orderOf } from "./order";
import { planWithLoss } from "./plan";

/** What came of a failed release: what failed, what was undone, what runs now, and the command that goes on. */
export interface Undone {
  release: number;
  failed: string;
  undone: string;
  running: string;
  next: string;
}

export interface UndoWanted extends CarryOut {
  stack: string;
  /** Only a release that was begun since then is undone. */
  since: Date;
  /** Above what the stack's settings say. */
  autoRollback?: boolean;
  say: (line: string) => void;
}

/**
 * Takes back by a second `up` what a failed release left behind, where the settings allow it: migrations go back; data
 * only where no write would be lost. What a rollback left is never undone: one never triggers another.
 */
export async function undoFailed(wanted: UndoWanted): Promise<Undone | undefined> {
  const { stack, since, say } = wanted;
  const { configFile } = wanted.place;
  const settings = await settingsWithStore(stack, configFile);
  const asked: RollbackOptions = {
    ...{ stack, json: false, yes: true, action: "full", engine: wanted.engine.name },
    ...(configFile !== undefined && { configFile }),
  };
  const { autoRollback = settings.release.autoRollback } = wanted;
  const world = await gatherFacts(asked, settings, say).catch(noneYet);
  if (!world) return undefined;
  const { facts, address } = world;
  const [failed] = facts.releases;
  if (!failed || failed.state === "done" || failed.startedAt < since) return undefined;
  if ((failed.kind ?? "forward") !== "forward") return undefined;
  const told = toldOf(facts, stack);
  // What was applied by hand before the release is not its own to take back.
  const first = planRollback({ kind: "full", keepingUpTo: failed.schema.before }, facts);
  if ("impossible" in first) return told("nothing: no release before it was good", `dnd up --stack ${stack}`);
  if (isNothing(first)) return told("nothing was left to undo");
  if (!autoRollback) {
    return told("nothing: release.autoRollback is off", `dnd rollback full --stack ${stack}`);
  }
  const plan = await possiblePlan(first, facts, settings.release.autoRestore ? address : undefined);
  if (!plan) return told(`nothing: ${reasons(first)}`, first.obstacles[0]?.wayLeft);
  say(`release ${failed._id} failed: taking back what it left behind`);
  const order = orderOf(plan, facts, `release ${failed._id} failed`, { automatic: true });
  const result = await carryOut(order, wanted);
  await writeLog(order, plan, result);
  return result.result === "succeeded"
    ? told(undoneBy(plan))
    : told(`not all: the rollback failed too (${firstError(result)})`, `dnd rollback full --stack ${stack}`);
}

/** Where the database itself could not be made, no release has begun and none left anything behind. */
function noneYet(error: unknown): undefined {
  if (error instanceof OperatorError && error.code === noDatabaseYet) return undefined;
  throw error;
}

/** The schema's way back; over an archive only where that is allowed, the only way, and nobody has written since. */
async function possiblePlan(
  first: RollbackPlan,
  facts: RollbackFacts,
  address: DatabaseAddress | undefined,
): Promise<RollbackPlan | undefined> {
  if (first.obstacles.length === 0) return first;
  if (!address || first.obstacles.some(({ code }) => code !== "one-way")) return undefined;
  const overArchive = await planWithLoss(
    { kind: "full", to: first.target, backup: "latest" },
    facts,
    address,
  );
  return overArchive.loss === 0 && overArchive.obstacles.length === 0 ? overArchive : undefined;
}

function isNothing({ image, reverting, staying }: RollbackPlan): boolean {
  return image.before.digest === image.after.digest && reverting.length + staying.length === 0;
}

function toldOf({ releases, quarantine }: RollbackFacts, stack: string) {
  const [failed] = releases;
  const good = releases.find(({ state }) => state === "done");
  const step = failed?.steps.find(({ outcome }) => outcome === "failed")?.name;
  const digest = failed?.image.digest ?? "";
  const lets = quarantine.has(digest)
    ? `deploy a mended version with \`dnd up --stack ${stack}\`; this one is refused until \`dnd rollback release-image ${digest}\``
    : `mend it, then \`dnd up --stack ${stack}\``;
  return (undone: string, next?: string): Undone => ({
    release: failed?._id ?? 0,
    failed: `${step ?? "before its first step"}: ${failed?.error?.split("\n")[0] ?? "interrupted"}`,
    undone,
    running: good ? `version ${good.image.version}, the state of release ${good._id}` : "nothing",
    next: next ?? lets,
  });
}

function undoneBy({ reverting, archive, image }: RollbackPlan): string {
  const parts = [
    ...(image.before.digest === image.after.digest ? [] : [`image back to ${image.after.version}`]),
    ...(reverting.length > 0
      ? [`migrations back: ${reverting.map(({ version }) => version).join(", ")}`]
      : []),
    ...(archive ? [`data back from ${archive.id}, no write was lost`] : []),
  ];
  return parts.join("; ");
}

function reasons({ obstacles }: RollbackPlan): string {
  return obstacles.map(({ reason }) => reason).join("; ");
}

function firstError({ diagnostics }: OperationResult): string {
  return (
    diagnostics.find(({ severity }) => severity === "error")?.message.split("\n")[0] ?? "no reason given"
  );
}

/** The summary for people. */
export function undoneText({ release, failed, undone, running, next }: Undone): string {
  return [
    `release ${release} failed`,
    `  failed   ${failed}`,
    `  undone   ${undone}`,
    `  running  ${running}`,
    `  next     ${next}`,
  ].join("\n");
}
