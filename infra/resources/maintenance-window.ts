import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "mongodb";
import type { DatabaseAddress } from "../drivers/mongo";
import { withJournal } from "./release-step";

/** A step of a release, as far as its maintenance window is concerned. */
export interface WindowStep {
  address: DatabaseAddress;
  release: number;
  /** The resource's name in the program. */
  name: string;
  inputs: Record<string, unknown>;
}

/** The end of a window whose release was cut off for good. */
const patienceMs = 60 * 60_000;
/** By then every machine has looked at the switch once more. */
const heardMs = 1500;

const engine = () => require("../engines/maintenance") as typeof import("../engines/maintenance");

/** Opens the window where a step needs the app for itself, and lets the steps that look at the app through an open one. */
export async function beforeStep(step: WindowStep): Promise<void> {
  const reason = whyOpened(step);
  const looksAtApp = step.name.endsWith("-machines") || step.name === "verification";
  if (reason !== undefined) await open(step, reason);
  // Where the database is lost, the step itself says what becomes of it.
  else if (looksAtApp) await withJournal(step.address, takePass).catch(() => undefined);
}

async function open({ address, release }: WindowStep, reason: string): Promise<void> {
  await withJournal(address, async (ops) => {
    const opened = await engine().openForRelease(ops, { release, reason, patienceMs });
    await takePass(ops);
    if (opened) await sleep(heardMs);
  });
}

/** The verification of this run gets through by it. */
async function takePass(ops: Db): Promise<void> {
  process.env.DND_MAINTENANCE_PASS = await engine().ensurePass(ops);
}

/** The record is the last step: what this release or one that was cut off has opened is closed with it. */
export async function afterStep({ address, release, name }: WindowStep): Promise<void> {
  if (name !== "record") return;
  await withJournal(address, (ops) => close(ops, release));
}

/** Whoever is told that a release has ended finds the app open. */
async function close(ops: Db, release: number): Promise<void> {
  if (await engine().closeAfterRelease(ops, release)) await sleep(heardMs);
}

/** A failure that undid everything ends the window too; half a database, or one whose data went back, stays closed. */
export async function afterFailure({ address, release }: WindowStep, error: unknown): Promise<void> {
  await withJournal(address, async (ops) => {
    const stays = isUnsettled(error) || (await isHalf(address)) || (await hasRestored(ops, release));
    if (!stays) await close(ops, release);
  });
}

function whyOpened({ name, inputs }: WindowStep): string | undefined {
  if (name === "restore" && inputs.order) return "data comes back from an archive";
  const { phase, pending, reverting, rules } = inputs as {
    phase?: string;
    pending?: unknown[];
    reverting?: unknown[];
    rules?: { maintenance?: boolean } | null;
  };
  const work = (reverting?.length ?? 0) > 0 || (pending?.length ?? 0) > 0;
  if (phase !== "contract" || !work || !rules?.maintenance) return undefined;
  return "contract migrations";
}

function isUnsettled(error: unknown): boolean {
  const { MigrationFailedError } = require("../engines/migration") as typeof import("../engines/migration");
  return error instanceof MigrationFailedError && !error.details.settled;
}

async function isHalf(address: DatabaseAddress): Promise<boolean> {
  const { restoreState } = require("../engines/backup") as typeof import("../engines/backup");
  const halfway = new Set(["in-place", "switching", "undoing"]);
  return (await restoreState(address)).some(({ phase }) => halfway.has(phase));
}

async function hasRestored(ops: Db, release: number): Promise<boolean> {
  const { findRelease } = require("../engines/release") as typeof import("../engines/release");
  const found = await findRelease(ops, release);
  return (
    found?.kind === "data" &&
    found.steps.some(({ name, outcome }) => name === "restore" && outcome === "done")
  );
}
