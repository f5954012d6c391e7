import type { Pruned, PruneResult, PruneWanted } from "../../infra/engines/backup";
import { messageOf, OperatorError } from "../../infra/support";
import { confirm, printResult, table, type Terminal } from "../terminal";
import { engine, step } from "./engine";
import type { BackupOptions } from "./options";
import { addressOf, placeOf, type BackupPlace } from "./place";
import { signOfLife } from "./sign-of-life";

/** Deletes what retention no longer keeps; what that is, and why, is said before and asked for. */
export async function prune(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { environment, database } = place;
  const wanted = {
    stores: [place.store, ...place.copies],
    environment,
    database,
    rules: rulesOf(options, place),
    needed: await neededBy(options, place),
  };
  if (!options.dryRun && !options.yes) await confirmLoss(wanted, terminal);
  const result = await step(
    terminal,
    "prune",
    (progress, signal) => pruneStores({ ...wanted, dryRun: options.dryRun ?? false, progress, signal }),
    ({ archives }) => `${archives.filter(isGone).length} of ${archives.length} archives`,
  );
  if (!options.dryRun && place.settings) await forget(options, place, result, terminal);
  if (!options.dryRun && result.failed.length === 0) await signOfLife(options, place, "retention");
  printResult(terminal, result, () => pruneText(result));
  return result.failed.length > 0 ? 1 : 0;
}

type PruneStores = Omit<PruneWanted, "store"> & { stores: string[] };

interface StoresPruned {
  archives: (Pruned & { store: string })[];
  unreadable: (PruneResult["unreadable"][number] & { store: string })[];
  /** Stores that could not be asked; nothing was deleted there. */
  failed: { store: string; problem: string }[];
}

/** Each store is a matter of its own: what is the last good one in one of them stays, wherever else it may be. */
async function pruneStores({ stores, ...wanted }: PruneStores): Promise<StoresPruned> {
  const pruned: StoresPruned = { archives: [], unreadable: [], failed: [] };
  for (const store of stores)
    try {
      const { archives, unreadable } = await engine().pruneArchives({ ...wanted, store });
      pruned.archives.push(...archives.map((one) => ({ ...one, store })));
      pruned.unreadable.push(...unreadable.map((one) => ({ ...one, store })));
    } catch (error) {
      if (stores.length === 1 || !(error instanceof OperatorError)) throw error;
      pruned.failed.push({ store, problem: messageOf(error).split("\n")[0] ?? "" });
    }
  return pruned;
}

/** What is deleted on purpose is not missing; where the catalog cannot be reached, `list` says so later. */
async function forget(
  options: BackupOptions,
  place: BackupPlace,
  { archives, failed }: StoresPruned,
  terminal: Terminal,
): Promise<void> {
  // What another store still has is still known.
  const left = new Set(archives.filter(({ outcome }) => outcome !== "deleted").map(({ id }) => id));
  const gone = archives.map(({ id }) => id).filter((id) => failed.length === 0 && !left.has(id));
  if (gone.length === 0) return;
  await engine()
    .forgetArchives(await addressOf(options, place), gone)
    .catch((error: unknown) => terminal.say(`! the catalog was not written: ${messageOf(error)}`));
}

/** Without the journal nobody knows what a release needs: then nothing of a stack is deleted. */
async function neededBy(options: BackupOptions, place: BackupPlace): Promise<PruneWanted["needed"]> {
  if (!place.settings) return { ids: [], releases: [] };
  const window = options.releases ?? place.settings.backup.retention.releases;
  const { atDatabase } = require("../../infra/drivers/mongo") as typeof import("../../infra/drivers/mongo");
  const { newestRelease } =
    require("../../infra/engines/release") as typeof import("../../infra/engines/release");
  const address = await addressOf(options, place);
  const newest = await atDatabase(address, "backup", { appName: "dnd-backup" }, ({ ops }) =>
    newestRelease(ops),
  );
  const releases = Array.from({ length: window }, (_, back) => (newest?._id ?? 0) - back);
  return { ids: [], releases: releases.filter((release) => release > 0) };
}

/** Options stand above the stack's settings, and those above what retention does by itself. */
function rulesOf(options: BackupOptions, { settings }: BackupPlace): PruneWanted["rules"] {
  const { retention } = settings?.backup ?? {};
  return {
    last: options.keepLast ?? retention?.keepLast,
    days: options.days ?? retention?.days,
    daily: options.daily ?? retention?.daily,
    weekly: options.weekly ?? retention?.weeks,
    monthly: options.monthly ?? retention?.months,
  };
}

async function confirmLoss(wanted: PruneStores, terminal: Terminal): Promise<void> {
  const { archives } = await pruneStores({ ...wanted, dryRun: true });
  const gone = archives.filter(isGone).map(({ id, store }) => (several(archives) ? `${id} in ${store}` : id));
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

function several(archives: StoresPruned["archives"]): boolean {
  return new Set(archives.map(({ store }) => store)).size > 1;
}

function pruneText({ archives, unreadable, failed }: StoresPruned): string {
  const rows = archives.map(({ outcome, id, store, reasons }) => [
    outcome,
    id,
    ...(several(archives) ? [store] : []),
    reasons.join("; "),
  ]);
  return [
    rows.length > 0 ? table(rows) : "there are no archives",
    ...unreadable.map(({ id, why }) => `left alone: ${id}: ${why}`),
    ...failed.map(({ store, problem }) => `NOT PRUNED: ${store}: ${problem}`),
  ].join("\n");
}
