import { messageOf, withDeadline, type Progress } from "../../support";
import { approvalsGate } from "./approvals-gate";
import { archiveGates } from "./archive-gates";
import { calendarGate } from "./calendar-gate";
import { databaseGates } from "./database-gates";
import { unknown, type Finding, type Gate, type GateState } from "./gate";
import { imageGates } from "./image-gates";
import { migrationsGate } from "./migrations-gate";
import type { Neighbours } from "./neighbours";
import { operationsGates } from "./operations-gates";
import { promotionGate } from "./promotion-gate";
import { proofGate } from "./proof-gate";
import { serverGates } from "./server-gates";
import { settingsGate } from "./settings-gate";
import { atSite, type Site } from "./site";
import type { PreflightWishes } from "./wishes";

/** A gate that takes longer has nothing to say that is worth waiting for. */
const patienceMs = 20_000;

const gates: readonly Gate[] = [
  settingsGate,
  ...databaseGates,
  ...serverGates,
  migrationsGate,
  ...imageGates,
  ...archiveGates,
  ...operationsGates,
  calendarGate,
  promotionGate,
  proofGate,
  approvalsGate,
];

/** What one gate has found, and whether a release is refused for it. */
export interface GateResult {
  gate: string;
  state: GateState;
  reason: string;
  remedy: string | null;
  stops: boolean;
  durationMs: number;
}

export interface PreflightReport {
  environment: string;
  release: number | null;
  strict: boolean;
  /** No gate stops the release. */
  ok: boolean;
  gates: GateResult[];
}

interface Looks {
  signal: AbortSignal;
  progress: Progress;
  now?: Date;
  /** These gates alone, by their names. */
  only?: readonly string[];
}

/** Looks at everything that must hold before a release touches anything. Reads only. */
export async function runGates(
  wishes: PreflightWishes,
  neighbours: Neighbours,
  { signal, progress, now = new Date(), only }: Looks,
): Promise<PreflightReport> {
  const looked = gates.filter(
    ({ name, onRollback }) =>
      (wishes.direction === "forward" || onRollback) && (only?.includes(name) ?? true),
  );
  progress(`looking at ${looked.length} gates`);
  const found = await atSite({ wishes, neighbours, now, signal }, (site) =>
    Promise.all(looked.map((gate) => lookAt(gate, site))),
  );
  const { environment, release, strict } = wishes;
  return { environment, release, strict, ok: found.every(({ stops }) => !stops), gates: found };
}

async function lookAt(gate: Gate, site: Site): Promise<GateResult> {
  const started = performance.now();
  const { state, reason, remedy, strictly = false } = await found(gate, site);
  const stops = state === "fail" || (site.wishes.strict && strictly);
  return {
    gate: gate.name,
    state,
    reason,
    remedy,
    stops,
    durationMs: Math.round(performance.now() - started),
  };
}

async function found(gate: Gate, site: Site): Promise<Finding> {
  try {
    return await withDeadline(patienceMs, async () => gate.look(site), site.signal);
  } catch (error) {
    site.signal.throwIfAborted();
    const [first = "it failed"] = messageOf(error).split("\n");
    return {
      ...unknown(`could not be looked at: ${first}`, "Look at it by hand, then try again."),
      strictly: true,
    };
  }
}
