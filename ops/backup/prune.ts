import type { PruneResult, PruneWanted } from "../../infra/engines/backup";
import { confirm, printResult, table, type Terminal } from "../terminal";
import { engine, step } from "./engine";
import type { BackupOptions } from "./options";
import { addressOf, placeOf, type BackupPlace } from "./place";

/** Deletes what retention no longer keeps; what that is, and why, is said before and asked for. */
export async function prune(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { store, environment, database } = place;
  const wanted = {
    store,
    environment,
    database,
    rules: rulesOf(options, place),
    needed: await neededBy(options, place),
  };
  if (!options.dryRun && !options.yes) await confirmLoss(wanted, terminal);
  const result = await step(
    terminal,
    "prune",
    (progress, signal) =>
      engine().pruneArchives({ ...wanted, dryRun: options.dryRun ?? false, progress, signal }),
    ({ archives }) => `${archives.filter(isGone).length} of ${archives.length} archives`,
  );
  printResult(terminal, result, () => pruneText(result));
  return 0;
}

/** A stack goes back to one of its last releases, or to none at all. */
const rollbackWindow = 5;

/** Without the journal nobody knows what a release needs: then nothing of a stack is deleted. */
async function neededBy(options: BackupOptions, place: BackupPlace): Promise<PruneWanted["needed"]> {
  if (!place.settings) return { ids: [], releases: [] };
  const { connect, opsDatabaseName } =
    require("../../infra/drivers/mongo") as typeof import("../../infra/drivers/mongo");
  const { newestRelease } =
    require("../../infra/engines/release") as typeof import("../../infra/engines/release");
  const address = await addressOf(options, place);
  const client = await connect(address, "backup", { appName: "dnd-backup" });
  try {
    const newest = (await newestRelease(client.db(opsDatabaseName(address.name))))?._id ?? 0;
    const releases = Array.from({ length: rollbackWindow }, (_, back) => newest - back);
    return { ids: [], releases: releases.filter((release) => release > 0) };
  } finally {
    await client.close();
  }
}

/** Options stand above the stack's settings, and those above what retention does by itself. */
function rulesOf({ days, keepLast }: BackupOptions, { settings }: BackupPlace): PruneWanted["rules"] {
  const { retention } = settings?.backup ?? {};
  return {
    last: keepLast,
    days: days ?? retention?.days,
    weekly: retention?.weeks,
    monthly: retention?.months,
  };
}

async function confirmLoss(wanted: PruneWanted, terminal: Terminal): Promise<void> {
  const { archives } = await engine().pruneArchives({ ...wanted, dryRun: true });
  const gone = archives.filter(isGone).map(({ id }) => id);
  if (gone.length === 0) return;
  await confirm(terminal, {
    action: `delete ${gone.length} archives`,
    loss: `These archives would be gone for ever: ${gone.join(", ")}.`,
    yes: false,
  });
}

function isGone({ outcome }: PruneResult["archives"][number]): boolean {
  return outcome === "deleted" || outcome === "would-delete";
}

function pruneText({ archives, unreadable }: PruneResult): string {
  const rows = archives.map(({ outcome, id, reasons }) => [outcome, id, reasons.join("; ")]);
  return [
    rows.length > 0 ? table(rows) : "there are no archives",
    ...unreadable.map(({ id, why }) => `left alone: ${id}: ${why}`),
  ].join("\n");
}
