import { randomUUID } from "node:crypto";
import {
  acceptLoss,
  beginRecovery,
  clearMachinesOverride,
  endRecovery,
  endRest,
  newestRelease,
  openRecovery,
  type Recovery,
} from "../../infra/engines/release";
import { confirmIn } from "../confirm-in";
import { chooseEngine, exitCodeOf, Interruption } from "../engine";
import { requireFlyAccess } from "../fly-access";
import { atOperations } from "../operations-database";
import { lossText, planText } from "../rollback/plan-text";
import { settingsWithStore } from "../stack-store";
import { printResult, type Terminal } from "../terminal";
import { noOpenRecovery, otherRecovery } from "./errors";
import { usage, type RecoverOptions } from "./options";
import { plannedRecovery, type PlannedRecovery } from "./plan";
import { restoreStep } from "./restore-step";
import { stopStep } from "./stop-step";

/** What every step of a recovery is given. */
export interface RecoveryRun {
  options: RecoverOptions;
  terminal: Terminal;
  interruption: Interruption;
  environment: string;
}

/** Scale to zero, safety archive, restore, and back in service: killed anywhere and run again, it goes on. */
export async function recoverFromArchive(options: RecoverOptions, terminal: Terminal): Promise<number> {
  const interruption = new Interruption(terminal.say);
  const started = performance.now();
  try {
    const settings = await settingsWithStore(options.stack, options.configFile);
    const { environment } = settings;
    const run: RecoveryRun = { options, terminal, interruption, environment };
    const open = await atOperations(options, ({ ops }) => openRecovery(ops));
    if (options.giveUp) return await giveUp(open, run);
    await requireFlyAccess(settings, interruption.signal);
    const recovery = open ? goOn(open, run) : await begun(run);
    for (const step of [stopStep, restoreStep]) {
      const result = await step(recovery, run);
      if (result === undefined || result.result === "succeeded") continue;
      const again = `dnd recover --stack ${options.stack}`;
      printResult(terminal, { recovery, result, again }, () => `not recovered yet: \`${again}\` goes on`);
      return exitCodeOf(result, interruption.told);
    }
    const { release, minutes } = await finished(recovery, run, started);
    printResult(
      terminal,
      { recovery: { ...recovery, state: "done" }, release, minutes },
      () => `recovered from ${recovery.archive} in ${minutes} minutes, as release ${release}: the app serves`,
    );
    return 0;
  } finally {
    interruption.release();
  }
}

function goOn(open: Recovery, { options, terminal }: RecoveryRun): Recovery {
  const asked = options.backup;
  if (asked !== undefined && asked !== open.archive && !asked.endsWith(`/${open.archive}`))
    throw otherRecovery(open, options.stack);
  const done = open.steps.map(({ name }) => name);
  terminal.say(
    `the recovery from ${open.archive} by ${open.by} goes on: ${done.join(", ") || "nothing"} is done`,
  );
  return open;
}

async function begun(run: RecoveryRun): Promise<Recovery> {
  const { options, terminal, interruption, environment } = run;
  const { backup } = options;
  if (backup === undefined) throw usage("--backup wants the id of an archive, or `latest`");
  const planned = await plannedRecovery(backup, run);
  terminal.say(planText(planned.plan));
  const danger = {
    action: `recover from ${planned.archive}`,
    loss: `${lossText(planned.plan)} ${pause(planned)}`,
  };
  await confirmIn(environment, options, danger, terminal, interruption.signal);
  const { archive, kind, plan } = planned;
  const wanted = { key: randomUUID(), archive, kind, acceptedLoss: plan.loss };
  const recovery = await atOperations(options, ({ ops }) => beginRecovery(ops, wanted));
  return recovery.key === wanted.key ? recovery : goOn(recovery, run);
}

function pause({ plan: { expectedMs } }: PlannedRecovery): string {
  const about = expectedMs === null ? "" : `, about ${Math.ceil(expectedMs / 60_000)} minutes`;
  return `The app serves nobody until it is done${about}.`;
}

async function finished(
  { key }: Recovery,
  { options }: RecoveryRun,
  started: number,
): Promise<{ release: number | null; minutes: number }> {
  return atOperations(options, async ({ ops }) => {
    await endRest(ops);
    await endRecovery(ops, key, "done");
    const release = (await newestRelease(ops))?._id ?? null;
    return { release, minutes: Math.round((performance.now() - started) / 6000) / 10 };
  });
}

/** The machines come back with the next `up`: whoever gives up decides what serves. */
async function giveUp(
  open: Recovery | null,
  { options, terminal, environment }: RecoveryRun,
): Promise<number> {
  if (!open) throw noOpenRecovery(options.stack);
  const loss = "What it has done stays as it is; `dnd up` brings the machines back.";
  await confirmIn(
    environment,
    options,
    { action: `give up the recovery from ${open.archive}`, loss },
    terminal,
  );
  await atOperations(options, async ({ ops }) => {
    await clearMachinesOverride(ops);
    await endRecovery(ops, open.key, "given-up");
  });
  printResult(terminal, { recovery: { ...open, state: "given-up" } }, () => "given up; `dnd up` goes on");
  return 0;
}

/** Runs a part of a recovery on the stack with the engine that was asked for. */
export async function engineOf({ options, terminal, interruption }: RecoveryRun) {
  const { engine, note } = await chooseEngine(options.engine, interruption.kill);
  if (note) terminal.say(note);
  return engine;
}

/** Writes down that more may be lost than was shown at first. */
export async function nowAccepted(
  recovery: Recovery,
  acceptedLoss: Recovery["acceptedLoss"],
  { options }: RecoveryRun,
): Promise<void> {
  await atOperations(options, ({ ops }) => acceptLoss(ops, recovery.key, acceptedLoss));
}
